namespace Opaline.Analytics;

/// <summary>A dry run: what an answer would look like, cost and leave. No data was touched.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Cost">What a new release costs; the balances are those before it.</param>
/// <param name="Affordable">Whether every account holds it now.</param>
/// <param name="ReplayAvailable">Whether a release of the identical plan would answer now at no cost.</param>
public sealed record QueryPlanView(PlanSummary Plan, AnswerCost Cost, bool Affordable, bool ReplayAvailable);
