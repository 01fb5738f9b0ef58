namespace Opaline.Platform.Tests.Analytics;

/// <summary>A clock that stands still until it is set. Timers of at most a second ring at once and are remembered; longer ones are real.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<TimeSpan> _timers = [];

    public DateTimeOffset Now { get; set; } = new(2024, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Timers => _timers;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(1))
            return System.CreateTimer(callback, state, dueTime, period);
        lock (_timers)
            _timers.Add(dueTime);
        Now += dueTime;
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
