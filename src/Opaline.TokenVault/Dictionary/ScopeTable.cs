using System.Data.Common;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of scopes, which are never deleted. Portable.</summary>
internal static class ScopeTable
{
    /// <summary>The numbers and stored names of a tenant's scopes, those of subjects among them, in the order of names.</summary>
    public static List<(long Number, string StoredScope)> Read(DbConnection connection, string tenant)
    {
        using DbCommand command = connection.Command("SELECT id, name FROM vault_scope WHERE tenant = @p0 ORDER BY name", tenant);
        using DbDataReader reader = command.ExecuteReader();
        List<(long, string)> scopes = [];
        while (reader.Read())
            scopes.Add((reader.GetInt64(0), reader.GetString(1)));
        return scopes;
    }

    /// <summary>Gives numbers to those that have none.</summary>
    public static void Insert(ControlTransaction transaction, string tenant, IEnumerable<string> storedScopes)
    {
        foreach (string scope in storedScopes)
            transaction.Execute("INSERT INTO vault_scope (tenant, name) VALUES (@p0, @p1) ON CONFLICT DO NOTHING", tenant, scope);
    }
}
