using System.Data.Common;
using System.Globalization;
using System.Text;
using Opaline.Storage;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>The SQL of dictionary entries. Portable.</summary>
internal static class EntryTable
{
    private const int Live = 0;
    private const int Erased = 1;
    private const int KeysPerQuery = 200;

    // Each scope is one look into the index of entries, however many entries it has.
    private const string ScopesQuery =
        """
        WITH RECURSIVE found (scope) AS (
            SELECT MIN(scope) FROM vault_entry WHERE tenant = @p0
            UNION ALL
            SELECT (SELECT MIN(e.scope) FROM vault_entry e WHERE e.tenant = @p0 AND e.scope > found.scope) FROM found WHERE found.scope IS NOT NULL)
        SELECT scope FROM found WHERE scope IS NOT NULL
        """;

    public static long LastId(DbConnection connection) => connection.Number("SELECT MAX(id) FROM vault_entry") ?? 0;

    public static long? Find(DbConnection connection, EntryKey key) => connection.Number(
        "SELECT id FROM vault_entry WHERE tenant = @p0 AND scope = @p1 AND join_id = @p2", key.Tenant, key.Scope, key.JoinId.ToArray());

    public static void Find(DbConnection connection, IEnumerable<EntryKey> keys, Dictionary<EntryKey, long> found)
    {
        foreach (IGrouping<(string Tenant, string Scope), EntryKey> scope in keys.GroupBy(k => (k.Tenant, k.Scope)))
        {
            foreach (EntryKey[] chunk in scope.Chunk(KeysPerQuery))
            {
                object?[] parameters = [scope.Key.Tenant, scope.Key.Scope, .. chunk.Select(k => k.JoinId.ToArray())];
                using DbCommand command = connection.Command(Query(chunk.Length), parameters);
                using DbDataReader reader = command.ExecuteReader();
                while (reader.Read())
                {
                    JoinId joinId = JoinId.Read(reader.GetFieldValue<byte[]>(1));
                    found[new EntryKey(scope.Key.Tenant, scope.Key.Scope, joinId)] = reader.GetInt64(0);
                }
            }
        }
    }

    /// <summary>The stored scopes of a tenant's entries, those of subjects among them.</summary>
    public static List<string> Scopes(DbConnection connection, string tenant)
    {
        using DbCommand command = connection.Command(ScopesQuery, tenant);
        using DbDataReader reader = command.ExecuteReader();
        List<string> scopes = [];
        while (reader.Read())
            scopes.Add(reader.GetString(0));
        return scopes;
    }

    /// <summary>Whether the tenant has the entry, and it is not erased.</summary>
    public static bool IsLive(DbConnection connection, string tenant, long id) =>
        connection.Scalar("SELECT 1 FROM vault_entry WHERE id = @p0 AND tenant = @p1 AND state = @p2", id, tenant, Live) is not null;

    /// <summary>Deletes what the subjects hold, and returns it.</summary>
    public static List<(long Entry, long Subject)> DeleteHolders(ControlTransaction transaction, IReadOnlyCollection<long> subjects)
    {
        List<(long, long)> held = [];
        foreach (long[] chunk in subjects.Chunk(KeysPerQuery))
        {
            string list = IdList.Parameters(0, chunk.Length);
            using (DbCommand command = transaction.Command($"SELECT entry_id, subject_id FROM vault_holder WHERE subject_id IN ({list})", IdList.Values(chunk)))
            {
                using DbDataReader reader = command.ExecuteReader();
                while (reader.Read())
                    held.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }

            transaction.Execute($"DELETE FROM vault_holder WHERE subject_id IN ({list})", IdList.Values(chunk));
        }

        return held;
    }

    /// <summary>Erases those of the entries that nobody holds: they lose what they are found by and what their tokens derive from. Returns what they were found by.</summary>
    public static List<EntryKey> EraseUnheld(ControlTransaction transaction, string tenant, IEnumerable<long> entries)
    {
        List<EntryKey> erased = [];
        foreach (long[] chunk in entries.Chunk(KeysPerQuery))
        {
            List<long> unheld = [];
            using (DbCommand command = transaction.Command(
                $"""
                SELECT e.id, e.scope, e.join_id FROM vault_entry e WHERE e.id IN ({IdList.Parameters(0, chunk.Length)})
                AND NOT EXISTS (SELECT 1 FROM vault_holder h WHERE h.entry_id = e.id)
                """,
                IdList.Values(chunk)))
            {
                using DbDataReader reader = command.ExecuteReader();
                while (reader.Read())
                {
                    unheld.Add(reader.GetInt64(0));
                    if (reader.GetValue(2) is byte[] { Length: JoinId.Size } joinId)
                        erased.Add(new EntryKey(tenant, reader.GetString(1), JoinId.Read(joinId)));
                }
            }

            if (unheld.Count == 0)
                continue;
            transaction.Execute(
                $"UPDATE vault_entry SET join_id = NULL, salt = NULL, state = @p0 WHERE id IN ({IdList.Parameters(1, unheld.Count)})",
                [Erased, .. IdList.Values(unheld)]);
            // The reveals stay, of nobody: they count against a quota.
            transaction.Execute($"UPDATE vault_reveal SET entry_id = 0 WHERE entry_id IN ({IdList.Parameters(0, unheld.Count)})", IdList.Values(unheld));
        }

        return erased;
    }

    /// <exception cref="StorageFailureException">Another id has been stored for the same value.</exception>
    public static void Insert(ControlTransaction transaction, IEnumerable<PendingEntry> entries)
    {
        using DbCommand insert = transaction.Command(
            "INSERT INTO vault_entry (id, tenant, scope, join_id, salt, state) VALUES (@p0, @p1, @p2, @p3, @p4, @p5) ON CONFLICT DO NOTHING",
            0L, "", "", Array.Empty<byte>(), Array.Empty<byte>(), Live);
        foreach (PendingEntry entry in entries)
        {
            insert.Parameters[0].Value = entry.Id;
            insert.Parameters[1].Value = entry.Key.Tenant;
            insert.Parameters[2].Value = entry.Key.Scope;
            insert.Parameters[3].Value = entry.Key.JoinId.ToArray();
            insert.Parameters[4].Value = entry.Salt;
            if (insert.ExecuteNonQuery() == 0)
                RefuseUnlessSame(transaction, entry);
        }
    }

    public static void InsertHolders(ControlTransaction transaction, IEnumerable<Holder> holders)
    {
        using DbCommand insert = transaction.Command(
            "INSERT INTO vault_holder (entry_id, subject_id, sealed, key_version) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING",
            0L, 0L, Array.Empty<byte>(), 0);
        foreach (Holder holder in holders)
        {
            insert.Parameters[0].Value = holder.EntryId;
            insert.Parameters[1].Value = holder.SubjectId;
            insert.Parameters[2].Value = holder.Sealed;
            insert.Parameters[3].Value = holder.KeyVersion;
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>
    /// Usually another batch has just stored the very same entry. If it is another one (a second process, a lost race), rows of this
    /// batch would point to a number that means nothing, so the batch must not be stored.
    /// </summary>
    private static void RefuseUnlessSame(ControlTransaction transaction, PendingEntry entry)
    {
        if (Find(transaction.Connection, entry.Key) != entry.Id)
            throw new StorageFailureException("The dictionary changed while the batch was on its way; send it again.");
    }

    private static string Query(int keys)
    {
        StringBuilder sql = new("SELECT id, join_id FROM vault_entry WHERE tenant = @p0 AND scope = @p1 AND join_id IN (");
        for (int i = 0; i < keys; i++)
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}@p{i + 2}");
        return sql.Append(')').ToString();
    }
}
