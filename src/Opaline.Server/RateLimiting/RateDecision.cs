namespace Opaline.Server.RateLimiting;

/// <summary>What the limiter says about one request.</summary>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="Limit">Requests per minute.</param>
/// <param name="Remaining">Requests that may come at once now.</param>
/// <param name="ResetSeconds">Seconds until the bucket is full.</param>
/// <param name="RetryAfterSeconds">Seconds until the next request may come, if this one may not.</param>
internal readonly record struct RateDecision(bool Allowed, int Limit, int Remaining, int ResetSeconds, int RetryAfterSeconds);
