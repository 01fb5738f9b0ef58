using Opaline.Access;
using Opaline.Server.Authentication;
using Opaline.Server.Authorization;

namespace Opaline.Server.RateLimiting;

/// <summary>Whose bucket a request is taken from.</summary>
/// <param name="Kind">Which limit applies.</param>
/// <param name="Name">The client, or the address.</param>
internal readonly record struct RateKey(RateKind Kind, string Name)
{
    /// <summary>Of a request for a token: nobody is known yet.</summary>
    public static RateKey OfTokenRequest(HttpContext context) => new(RateKind.Token, RemoteAddress.Of(context));

    /// <summary>Of a request that passed authentication, with a token or without.</summary>
    public static RateKey OfCall(HttpContext context)
    {
        if (context.Features.Get<CallIdentity>() is not { } identity)
            return new RateKey(RateKind.Anonymous, RemoteAddress.Of(context));
        bool sends = context.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>()?.Permission == Permission.SendEvents;
        return new RateKey(sends ? RateKind.Ingest : RateKind.Client, $"{identity.Tenant.Value}/{identity.Id}");
    }
}
