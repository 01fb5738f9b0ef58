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
        http.Features.Get<CallIdentity>()?.Role is { } role && RolePermissions.Has(role, requirement.Permission);
}
