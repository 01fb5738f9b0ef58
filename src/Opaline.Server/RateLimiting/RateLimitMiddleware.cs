using System.Globalization;
using Opaline.Access;
using Opaline.Server.Authentication;
using Opaline.Server.Authorization;
using Opaline.Server.Problems;

namespace Opaline.Server.RateLimiting;

/// <summary>
/// Takes every request from a bucket and says in RateLimit-* headers how full it is. Stands twice in the pipeline: before
/// authentication for the token endpoint, which authentication answers itself, and after it for all others.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits, Refusals refusals)
{
    private static readonly object Taken = new();

    public async Task InvokeAsync(HttpContext context)
    {
        bool authenticated = context.Features.Get<AuthenticationDone>() is not null;
        bool token = context.Request.Path.Equals(TokenServer.TokenPath, StringComparison.OrdinalIgnoreCase);
        if (token == authenticated || context.Items.ContainsKey(Taken))
        {
            await next(context);
            return;
        }

        context.Items[Taken] = true;
        RateDecision decision = limits.Take(token ? new RateKey(RateKind.Token, RemoteAddress.Of(context)) : KeyOf(context));
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

    private static RateKey KeyOf(HttpContext context)
    {
        if (context.Features.Get<CallIdentity>() is not { } identity)
            return new RateKey(RateKind.Anonymous, RemoteAddress.Of(context));
        bool sends = context.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>()?.Permission == Permission.SendEvents;
        return new RateKey(sends ? RateKind.Ingest : RateKind.Client, $"{identity.Tenant.Value}/{identity.Id}");
    }
}
