namespace Opaline.Analytics;

/// <summary>
/// Who was active in each long period of the question's zone and in each short one inside it: the answer has active subjects per long period, the mean of
/// the short periods, and their ratio, the stickiness.
/// </summary>
/// <param name="Events">Whose rows are the events.</param>
/// <param name="Within">The long period: <see cref="Period.Week"/> or <see cref="Period.Month"/>.</param>
public sealed record ActivitySource(string Events, Period Within = Period.Month) : BehaviourSource(Events)
{
    /// <summary>The short period: <see cref="Period.Day"/>, or <see cref="Period.Week"/> within a month, where a week counts in the month of its first day.</summary>
    public Period Of { get; init; } = Period.Day;
}
