using Opaline.Catalog;

namespace Opaline.Access;

/// <summary>An authenticated caller.</summary>
/// <param name="Tenant">Whose data it may touch.</param>
/// <param name="Id">Client or user id, the audit log's actor and the principal account.</param>
/// <param name="Department">The department account that its queries are charged to.</param>
/// <param name="Role">What it may do.</param>
public sealed record Caller(Tenant Tenant, string Id, string Department, Role Role);
