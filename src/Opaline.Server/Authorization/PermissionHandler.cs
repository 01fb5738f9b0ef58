using System.Net;
using Microsoft.AspNetCore.Authorization;
using Opaline.Access;
using Opaline.Server.Authentication;

namespace Opaline.Server.Authorization;

/// <summary>Decides by the caller's role. What nothing allows stays denied.</summary>
internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is HttpContext http && Allows(http, requirement))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    private static bool Allows(HttpContext http, PermissionRequirement requirement) =>
        (http.Features.Get<CallIdentity>()?.Role is { } role && RolePermissions.Has(role, requirement.Permission))
        || (requirement.OrLoopback && IsFromThisMachine(http));

    // A proxy on this machine is loopback too, and speaks for somebody else.
    private static bool IsFromThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For")
        && !http.Request.Headers.ContainsKey("Forwarded");
}
