using System.Collections.Concurrent;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>A clock on which pauses of up to six seconds pass at once; longer ones, which are timeouts, take their time.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(6);

    public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > LongestPause)
            return base.CreateTimer(callback, state, dueTime, period);
        Pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
