using System.Threading.RateLimiting;
using Opaline.Server.Configuration;

namespace Opaline.Server.RateLimiting;

/// <summary>One token bucket per client or address, in this process.</summary>
internal sealed class RateLimits(OpalineOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<RateKey> _limiter = PartitionedRateLimiter.Create<RateKey, RateKey>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, k => Bucket(PerMinute(options.RateLimits, k.Kind))));

    /// <summary>Takes one request out of the bucket and says how full it is.</summary>
    public RateDecision Take(RateKey key)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(key);
        int limit = PerMinute(options.RateLimits, key.Kind);
        int remaining = (int)(_limiter.GetStatistics(key)?.CurrentAvailablePermits ?? 0);
        int reset = (int)Math.Ceiling((limit - remaining) * 60.0 / limit);
        int retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        return new RateDecision(lease.IsAcquired, limit, remaining, reset, retryAfter);
    }

    public void Dispose() => _limiter.Dispose();

    private static int PerMinute(RateLimitsSection limits, RateKind kind) => kind switch
    {
        RateKind.Client => limits.Client,
        RateKind.Ingest => limits.Ingest,
        RateKind.Anonymous => limits.Anonymous,
        RateKind.Token => limits.Token,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown limit."),
    };

    private static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        // About once a second, or as often as one token is due.
        int tokens = Math.Max(1, perMinute / 60);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)tokens / perMinute),
            QueueLimit = 0,
        };
    }
}
