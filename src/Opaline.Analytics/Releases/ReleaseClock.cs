using Microsoft.Extensions.Options;

namespace Opaline.Analytics;

/// <summary>Lets answers leave on a coarse clock, so that their timing says little about what was counted.</summary>
internal sealed class ReleaseClock(TimeProvider time, IOptions<AnalyticsOptions> options)
{
    // The time that an answer with private keys takes grows with the keys that it does not tell (about 25 ms for a thousand), so it leaves on a slower clock.
    private const int PrivateKeysFactor = 8;

    /// <summary>Waits until an answer of the plan may leave: the next multiple of the period, of eight periods where keys are selected privately.</summary>
    public Task WaitAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        TimeSpan period = options.Value.ReleaseClock * (plan.Selection is null ? 1 : PrivateKeysFactor);
        if (period <= TimeSpan.Zero)
            return Task.CompletedTask;
        long past = time.GetUtcNow().UtcTicks % period.Ticks;
        return past == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromTicks(period.Ticks - past), time, cancellationToken);
    }
}
