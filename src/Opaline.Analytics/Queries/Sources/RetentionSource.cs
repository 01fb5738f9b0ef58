namespace Opaline.Analytics;

/// <summary>
/// One row per subject and period in which it was seen, counted from its first event: field <c>elapsed</c>, from 0. The time of a row is that of the
/// subject's first event, so a period key makes cohorts.
/// </summary>
/// <param name="Events">Whose rows are the events.</param>
/// <param name="Periods">How many periods; 2 to <see cref="QueryLimits.MaxRetentionPeriods"/>.</param>
public sealed record RetentionSource(string Events, int Periods) : BehaviourSource(Events)
{
    /// <summary>Length of a period in days, each counted from the subject's first event; null for calendar periods.</summary>
    public int? Days { get; init; }

    /// <summary>Calendar periods of the question's zone; null for days.</summary>
    public Period? Calendar { get; init; }
}
