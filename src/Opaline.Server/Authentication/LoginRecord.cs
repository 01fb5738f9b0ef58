using System.Collections.Immutable;
using System.Text.Json;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Server.Authentication;

/// <summary>Records every token asked for, given or refused, before the answer leaves. If it cannot be recorded there is no token.</summary>
internal sealed class LoginRecord(AuditLog log, IOpenIddictApplicationManager applications)
    : IOpenIddictServerHandler<OpenIddictServerEvents.ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<OpenIddictServerEvents.ApplyTokenResponseContext>()
            .UseScopedHandler<LoginRecord>()
            .SetOrder(int.MinValue + 100_000)
            .Build();

    public async ValueTask HandleAsync(OpenIddictServerEvents.ApplyTokenResponseContext context)
    {
        string outcome = context.Error is { Length: > 0 } error ? error : "ok";
        // A client id that nobody has is somebody's typing, perhaps their secret: it is not repeated.
        string actor = "anonymous";
        ClientDescription? client = null;
        if (context.Request?.ClientId is { Length: > 0 and <= 100 } id
            && await applications.FindByClientIdAsync(id, context.CancellationToken) is { } application)
        {
            actor = id;
            ImmutableDictionary<string, JsonElement> properties = await applications.GetPropertiesAsync(application, context.CancellationToken);
            client = ClientDescription.From(properties);
        }

        // It leads to the documentation of a library that the caller has nothing to do with.
        context.Response.ErrorUri = null;
        await log.WriteAsync(
            CallerRecord.Of(client?.Tenant ?? Tenant.Default, actor, client?.Role, AuditActions.Login, "token", outcome),
            CancellationToken.None);
    }
}
