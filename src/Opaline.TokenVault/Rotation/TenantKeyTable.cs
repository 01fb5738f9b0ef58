using System.Data.Common;
using Opaline.KeyManagement;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The SQL of the versions of tenants' keys. Portable.</summary>
internal static class TenantKeyTable
{
    /// <summary>Every version of a tenant's keys, oldest first, as it is stored.</summary>
    public static List<StoredTenantKeys> Read(DbConnection connection, string tenant)
    {
        using DbCommand command = connection.Command("SELECT version, state, wrapped FROM tenant_key WHERE tenant = @p0 ORDER BY version", tenant);
        using DbDataReader reader = command.ExecuteReader();
        List<StoredTenantKeys> stored = [];
        while (reader.Read())
            stored.Add(new StoredTenantKeys(reader.GetInt32(0), (KeyState)reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return stored;
    }

    /// <summary>The same with its dates.</summary>
    public static List<TenantKeyVersion> ReadVersions(DbConnection connection, string tenant)
    {
        using DbCommand command = connection.Command("SELECT version, state, made_at, state_at FROM tenant_key WHERE tenant = @p0 ORDER BY version", tenant);
        using DbDataReader reader = command.ExecuteReader();
        List<TenantKeyVersion> versions = [];
        while (reader.Read())
        {
            versions.Add(new TenantKeyVersion(
                reader.GetInt32(0), (KeyState)reader.GetInt64(1), UnixMicros.ToDateTime(reader.GetInt64(2)), UnixMicros.ToDateTime(reader.GetInt64(3))));
        }

        return versions;
    }

    /// <summary>Who has keys.</summary>
    public static List<string> Tenants(DbConnection connection)
    {
        using DbCommand command = connection.Command("SELECT DISTINCT tenant FROM tenant_key ORDER BY tenant");
        using DbDataReader reader = command.ExecuteReader();
        List<string> tenants = [];
        while (reader.Read())
            tenants.Add(reader.GetString(0));
        return tenants;
    }

    /// <summary>Adds a version unless it is there.</summary>
    public static int Insert(ControlTransaction transaction, TenantKeys keys, KeyState state, DateTime now) => transaction.Execute(
        "INSERT INTO tenant_key (tenant, version, wrapped, state, made_at, state_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p4) ON CONFLICT DO NOTHING",
        keys.Tenant,
        keys.Version,
        keys.Wrapped.ToArray(),
        (long)state,
        UnixMicros.From(now));

    /// <summary>Writes the states that differ. The key of a version that is destroyed goes with it.</summary>
    public static void Move(ControlTransaction transaction, string tenant, KeyVersions before, KeyVersions after, DateTime now)
    {
        foreach (KeyVersion version in after.All.Take(before.All.Length).Where(v => before.Version(v.Number).State != v.State))
        {
            transaction.Execute(
                "UPDATE tenant_key SET state = @p0, state_at = @p1 WHERE tenant = @p2 AND version = @p3",
                (long)version.State,
                UnixMicros.From(now),
                tenant,
                version.Number);
            if (version.State == KeyState.Destroyed)
                transaction.Execute("UPDATE tenant_key SET wrapped = @p0 WHERE tenant = @p1 AND version = @p2", Array.Empty<byte>(), tenant, version.Number);
        }
    }

    /// <summary>Puts another wrapping of the same keys in the place of one, if it is still there.</summary>
    public static int Replace(ControlTransaction transaction, string tenant, StoredTenantKeys old, byte[] wrapped) => transaction.Execute(
        "UPDATE tenant_key SET wrapped = @p0 WHERE tenant = @p1 AND version = @p2 AND wrapped = @p3", wrapped, tenant, old.Version, old.Wrapped.ToArray());
}
