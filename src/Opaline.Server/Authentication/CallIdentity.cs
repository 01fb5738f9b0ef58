using System.Security.Claims;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Server.Authentication;

/// <summary>Who calls, as its validated token says. A feature of the request once a token was accepted.</summary>
/// <param name="Tenant">Whose data.</param>
/// <param name="Id">The audit log's actor and the principal account.</param>
/// <param name="Department">The department account.</param>
/// <param name="Role">The one role, or null: then nothing is allowed.</param>
internal sealed record CallIdentity(Tenant Tenant, string Id, string Department, Role? Role)
{
    public const string DefaultDepartment = "general";

    public string? RoleName => Role is { } role ? RoleBinding.NameOf(role) : null;

    /// <summary>The caller, if it has a role.</summary>
    public Caller? Caller => Role is { } role ? new Caller(Tenant, Id, Department, role) : null;

    /// <summary>A record of what it did, or was refused.</summary>
    public AuditRecord Record(string action, string acted, string outcome, string? detail) =>
        CallerRecord.Of(Tenant, Id, Role, action, acted, outcome, detail);

    /// <summary>Reads the claims that our own tokens have, and that outside ones are given on arrival.</summary>
    public static CallIdentity? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true || principal.FindFirstValue(ClaimNames.Subject) is not { Length: > 0 } id)
            return null;
        return new CallIdentity(
            principal.FindFirstValue(ClaimNames.Tenant) is { Length: > 0 } tenant ? new Tenant(tenant) : Tenant.Default,
            id,
            principal.FindFirstValue(ClaimNames.Department) is { Length: > 0 } department ? department : DefaultDepartment,
            RoleBinding.Resolve(principal.FindAll(ClaimNames.Role).Select(c => c.Value)));
    }
}
