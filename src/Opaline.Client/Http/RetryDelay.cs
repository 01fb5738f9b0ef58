using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Opaline.Client.Http;

/// <summary>How long to wait before the next attempt: as long as the server says, else exponentially longer with jitter, so that
/// clients which were turned away together do not come back together.</summary>
internal sealed class RetryDelay(OpalineClientOptions options, TimeProvider time)
{
    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1), or null if it would be longer than allowed.</summary>
    public TimeSpan? After(int attempt, RetryConditionHeaderValue? asked)
    {
        if ((asked?.Delta ?? asked?.Date - time.GetUtcNow()) is { } wait)
            return wait > options.MaxDelay ? null : wait > TimeSpan.Zero ? wait : options.FirstDelay;
        double full = Math.Min(options.FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1), options.MaxDelay.TotalMilliseconds);
        double jitter = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * jitter)));
    }
}
