namespace Opaline.Analytics;

/// <summary>
/// One row per session: a subject's events of which none comes later than the gap after the one before it. Fields <c>events</c>, at most
/// <see cref="MostEvents"/>, and <c>minutes</c>, whole and at most <see cref="MostMinutes"/>. The time of a row is that of the session's first event.
/// </summary>
/// <param name="Events">Whose rows are the events.</param>
/// <param name="Gap">The longest time between two events of a session; whole seconds.</param>
public sealed record SessionSource(string Events, TimeSpan Gap) : BehaviourSource(Events)
{
    /// <summary>Public bound of <c>events</c>.</summary>
    public int MostEvents { get; init; } = 100;

    /// <summary>Public bound of <c>minutes</c>.</summary>
    public int MostMinutes { get; init; } = 240;
}
