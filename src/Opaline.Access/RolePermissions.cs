namespace Opaline.Access;

/// <summary>Which role may do what. Everything that is not listed is denied.</summary>
public static class RolePermissions
{
    /// <summary>Whether the role has the permission.</summary>
    public static bool Has(Role role, Permission permission) => role switch
    {
        Role.Admin => true,
        Role.Analyst => permission is Permission.Query or Permission.ReadReleases or Permission.ReadCatalog or Permission.ReadBudget,
        Role.Viewer => permission is Permission.ReadReleases or Permission.ReadCatalog,
        Role.Auditor => permission is Permission.ReadAudit or Permission.ReadCatalog or Permission.ReadBudget,
        Role.Ingest => permission is Permission.SendEvents,
        _ => false,
    };
}
