namespace Opaline.Analytics;

/// <summary>Lets answers leave on a coarse clock, so that their timing says little about what was counted.</summary>
internal static class ReleaseClock
{
    /// <summary>Waits for the next multiple of the period.</summary>
    public static Task WaitAsync(TimeProvider time, TimeSpan period, CancellationToken cancellationToken)
    {
        if (period <= TimeSpan.Zero)
            return Task.CompletedTask;
        long past = time.GetUtcNow().UtcTicks % period.Ticks;
        return past == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromTicks(period.Ticks - past), time, cancellationToken);
    }
}
