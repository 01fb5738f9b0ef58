using System.Globalization;
using Opaline.Server.Problems;

namespace Opaline.Server.RateLimiting;

/// <summary>
/// Takes every request from a bucket and says in RateLimit-* headers how full it is. Stands before authentication for the token endpoint,
/// which authentication answers itself, and after it for all others.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits, Refusals refusals, Func<HttpContext, RateKey> keyOf)
{
    public async Task InvokeAsync(HttpContext context)
    {
        RateDecision decision = limits.Take(keyOf(context));
        IHeaderDictionary headers = context.Response.Headers;
        headers["RateLimit-Limit"] = decision.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = decision.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        if (decision.Allowed)
        {
            await next(context);
            return;
        }

        string seconds = decision.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        headers.RetryAfter = seconds;
        await refusals.AnswerAsync(context, new Problem(
            StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited, $"Too many requests: wait {seconds} s (Retry-After), then go slower."));
    }
}
