using System.Security.Claims;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Server.Auditing;
using Opaline.Server.Authentication;
using Opaline.Server.Configuration;

namespace Opaline.Server.Endpoints;

/// <summary>
/// <c>POST /connect/token</c>. OpenIddict has checked the request and the client's secret before this runs, and signs what it returns;
/// its refusals have the form of RFC 6749.
/// </summary>
internal static class TokenEndpoint
{
    public static void MapToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost(TokenServer.TokenPath, IssueAsync)
            .AllowAnonymous()
            .WithMetadata(new AuditedCall(AuditActions.Login))
            .ExcludeFromDescription();

    private static async Task<IResult> IssueAsync(
        HttpContext context, IOpenIddictApplicationManager applications, OpalineOptions options, CancellationToken cancellationToken)
    {
        OpenIddictRequest request = context.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The token endpoint was reached without OpenIddict.");
        object? application = await applications.FindByClientIdAsync(request.ClientId!, cancellationToken);
        ClientDescription? client = application is null
            ? null
            : ClientDescription.From(await applications.GetPropertiesAsync(application, cancellationToken));
        if (client is null)
            return Results.Forbid(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

        ClaimsIdentity identity = new(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, ClaimNames.Subject, ClaimNames.Role);
        identity.AddClaim(new Claim(ClaimNames.Subject, request.ClientId!));
        identity.AddClaim(new Claim(ClaimNames.Role, RoleBinding.NameOf(client.Role)));
        identity.AddClaim(new Claim(ClaimNames.Tenant, client.Tenant.Value));
        identity.AddClaim(new Claim(ClaimNames.Department, client.Department));
        identity.SetResources(options.Authentication.Audience);
        identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken]);
        return Results.SignIn(
            new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
