namespace Opaline.Client.Contracts;

/// <summary>Answer of a query with <c>dry_run=true</c>: planned and priced, nothing charged, nothing read.</summary>
/// <param name="Plan">How it would be answered.</param>
/// <param name="Cost">What it would cost as a new release.</param>
/// <param name="Accounts">The accounts that would pay, with what is left now.</param>
/// <param name="Affordable">Whether every account holds it now.</param>
/// <param name="ReplayAvailable">Whether a release of the identical plan would answer now at no cost.</param>
public sealed record DryRunDocument(
    PlanDocument Plan, CostDocument Cost, IReadOnlyList<AccountDocument> Accounts, bool Affordable, bool ReplayAvailable)
{
    /// <summary>The largest epsilon with which every account holds the identical question now; absent if this one fits, or none does.</summary>
    public double? LargestEpsilon { get; init; }

    /// <summary>The delta that goes with <see cref="LargestEpsilon"/>; absent where the question's own does.</summary>
    public double? LargestDelta { get; init; }

    /// <summary>Id of a release from which it would be added up now at no cost; absent if there is none that is as exact.</summary>
    public string? RollUpFrom { get; init; }
}
