using Microsoft.AspNetCore.Authorization;
using Opaline.Access;

namespace Opaline.Server.Authorization;

/// <summary>How endpoints say what they need.</summary>
internal static class PermissionConventions
{
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalResultHandler>();
        // An endpoint that says nothing is closed to everybody.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(static _ => false).Build());
        return services;
    }

    /// <summary>Only roles with the permission may call it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        PermissionRequirement requirement = new(permission);
        builder.WithMetadata(requirement);
        return builder.RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(requirement).Build());
    }
}
