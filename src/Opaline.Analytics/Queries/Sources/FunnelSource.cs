using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// One row per subject that took the first step: field <c>step</c>, the furthest step reached, from 1. A step counts when its event comes after that of the
/// step before it, and all of them lie within the window after the first. The time of a row is that of the subject's first first step.
/// </summary>
/// <param name="Events">Whose rows are the events.</param>
/// <param name="Steps">Conditions in order; 2 to <see cref="QueryLimits.MaxSteps"/>.</param>
public sealed record FunnelSource(string Events, ImmutableArray<FunnelStep> Steps) : BehaviourSource(Events)
{
    /// <summary>The longest time from the first step to the last, whole seconds; null for any.</summary>
    public TimeSpan? Window { get; init; }
}
