using System.Data.Common;
using System.Security.Cryptography;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>What an installation starts with, on either engine.</summary>
internal static class ControlSeed
{
    /// <summary>Sows what is not there yet.</summary>
    public static void Sow(DbConnection writer)
    {
        using DbTransaction transaction = writer.BeginTransaction();
        ControlTransaction work = new(transaction);
        work.Execute("INSERT INTO installation (id, store_id) VALUES (1, @p0) ON CONFLICT DO NOTHING", RandomNumberGenerator.GetBytes(16));
        work.Execute("INSERT INTO inbox_mark (id, deleted_through) VALUES (1, 0) ON CONFLICT DO NOTHING");
        work.Execute("INSERT INTO audit_policy (id, is_immutable, delete_before) SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM audit_policy)");
        CatalogStore catalog = CatalogStore.Load(writer);
        if (catalog.Find(Tenant.Default, EventsDataset.Name) is null)
            catalog.Create(work, EventsDataset.Declaration(Tenant.Default));
        transaction.Commit();
    }
}
