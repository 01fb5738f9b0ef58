namespace Opaline.Platform.Tests;

/// <summary>A clock that stands still until it is set. Its timers are real, but for short ones where a test lets it skip them.</summary>
internal sealed class ManualTime(DateTime start) : TimeProvider
{
    private readonly List<TimeSpan> _skipped = [];

    /// <summary>The time of day, UTC.</summary>
    public DateTime Now { get; set; } = start;

    /// <summary>Timers of at most this ring at once, and the clock moves on by them; none without it.</summary>
    public TimeSpan Skips { get; init; } = TimeSpan.MinValue;

    /// <summary>The timers that were skipped.</summary>
    public IReadOnlyList<TimeSpan> Skipped => _skipped;

    public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > Skips)
            return System.CreateTimer(callback, state, dueTime, period);
        lock (_skipped)
            _skipped.Add(dueTime);
        Now += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
