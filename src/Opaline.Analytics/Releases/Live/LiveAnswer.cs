namespace Opaline.Analytics;

/// <summary>A look at a live counter.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Plan">How its rows are counted: dataset, unit, zone, period, bounds.</param>
/// <param name="AsOf">The public tick up to which it has counted, UTC.</param>
/// <param name="Step">The step in which that tick lies, from 1.</param>
/// <param name="Steps">The steps of the period.</param>
/// <param name="Value">The rows so far; can be below the value before, since noise is.</param>
/// <param name="Cost">What this look cost, and what is left.</param>
public sealed record LiveAnswer(string Metric, PlanSummary Plan, DateTime AsOf, int Step, int Steps, AnswerValue Value, AnswerCost Cost);
