namespace Opaline.Analytics;

/// <summary>A dry run: what an answer would look like, cost and leave. No data was touched.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Cost">What a new release costs; the balances are those before it.</param>
/// <param name="Affordable">Whether every account holds it now.</param>
/// <param name="ReplayAvailable">Whether a release of the identical plan would answer now at no cost.</param>
public sealed record QueryPlanView(PlanSummary Plan, AnswerCost Cost, bool Affordable, bool ReplayAvailable)
{
    /// <summary>The largest ε with which every account holds the identical question now; null if this one fits, or none does.</summary>
    public double? LargestEpsilon { get; init; }

    /// <summary>Id of a release from which it would be added up now at no cost; null if there is none that is as exact.</summary>
    public string? RollUpFrom { get; init; }

    /// <summary>The δ that goes with <see cref="LargestEpsilon"/>; null where the question's own does.</summary>
    public double? LargestDelta { get; init; }
}
