using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Access;

/// <summary>Audit records of what a caller did: the log names it, and its role, in one way.</summary>
public static class CallerRecord
{
    /// <summary>A record of a caller.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="acted">What was acted on.</param>
    /// <param name="outcome"><c>ok</c>, or the code of the refusal.</param>
    /// <param name="detail">Public facts as a JSON object.</param>
    public static AuditRecord Of(Caller caller, string action, string acted, string outcome, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Of(caller.Tenant, caller.Id, caller.Role, action, acted, outcome, detail);
    }

    /// <summary>A record of somebody who may have no role.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="actor">Who.</param>
    /// <param name="role">The one role, or null.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="acted">What was acted on.</param>
    /// <param name="outcome"><c>ok</c>, or the code of the refusal.</param>
    /// <param name="detail">Public facts as a JSON object.</param>
    public static AuditRecord Of(Tenant tenant, string actor, Role? role, string action, string acted, string outcome, string? detail = null) =>
        new(tenant, actor, role is { } one ? RoleBinding.NameOf(one) : null, action, acted, outcome, detail);
}
