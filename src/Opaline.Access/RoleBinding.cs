namespace Opaline.Access;

/// <summary>From the role names that a token or a configuration gives to the one role of a caller.</summary>
public static class RoleBinding
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    /// <summary>The role's name outside the process: <c>admin</c>, <c>analyst</c>, <c>viewer</c>, <c>auditor</c>, <c>ingest</c>.</summary>
    public static string NameOf(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Analyst => "analyst",
        Role.Viewer => "viewer",
        Role.Auditor => "auditor",
        Role.Ingest => "ingest",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Unknown role."),
    };

    /// <summary>The role of that name, or null. Names are exact: a case variant or a number is no role.</summary>
    public static Role? Parse(string? name)
    {
        foreach (Role role in Roles)
        {
            if (string.Equals(NameOf(role), name, StringComparison.Ordinal))
                return role;
        }

        return null;
    }

    /// <summary>
    /// The one role that the names agree on, or null. Two different roles are no role at all, so that Ingest can never be held together
    /// with Analyst: chosen values plus answers would rebuild a codebook.
    /// </summary>
    public static Role? Resolve(IEnumerable<string> names)
    {
        Role? found = null;
        foreach (string name in names)
        {
            if (Parse(name) is not { } role || (found is not null && found != role))
                return null;
            found = role;
        }

        return found;
    }
}
