using System.Data.Common;
using Opaline.Storage;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>The SQL of dictionary entries. Portable.</summary>
internal static class EntryTable
{
    private const int Live = 0; // What new entries are.
    private const int Erased = 1;
    private const int KeysPerQuery = 200;

    // The same expression as the index: what it does not say, the row does.
    private const int PrefixSize = 10;
    private const string Prefix = "substr(join_id, 1, 10)";

    /// <summary>Of <c>vault_entry e</c>: nobody holds it.</summary>
    public const string Unheld =
        """
        NOT EXISTS (SELECT 1 FROM vault_holder o WHERE o.subject_id = e.id AND o.entry_id = e.id)
        AND NOT EXISTS (SELECT 1 FROM vault_holder h WHERE h.entry_id = e.id AND h.entry_id <> h.subject_id)
        """;

    /// <summary>Of <c>vault_entry e</c>: it is a value and no subject.</summary>
    public static readonly string OfValue = $"e.scope IN (SELECT s.id FROM vault_scope s WHERE s.name LIKE '{StoredScope.OfValues("")}%')";

    public static long LastId(DbConnection connection) => connection.Number("SELECT MAX(id) FROM vault_entry") ?? 0;

    public static long? Find(DbConnection connection, EntryKey key) => connection.Number(
        $"SELECT id FROM vault_entry WHERE {Prefix} = @p0 AND join_id = @p1 AND scope = @p2", PrefixOf(key), key.JoinId.ToArray(), key.Scope);

    public static void Find(DbConnection connection, IEnumerable<EntryKey> keys, Dictionary<EntryKey, long> found)
    {
        foreach (EntryKey[] chunk in keys.Chunk(KeysPerQuery))
        {
            using DbCommand command = connection.Command(
                $"SELECT id, scope, join_id FROM vault_entry WHERE {Prefix} IN ({IdList.Parameters(0, chunk.Length)})", Array.ConvertAll(chunk, k => (object?)PrefixOf(k)));
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
                found[new EntryKey(reader.GetInt64(1), JoinId.Read(reader.GetFieldValue<byte[]>(2)))] = reader.GetInt64(0);
        }
    }

    /// <summary>Whether the tenant has the entry, and it is not erased.</summary>
    public static bool IsLive(DbConnection connection, string tenant, long id) =>
        connection.Scalar(
            "SELECT 1 FROM vault_entry e JOIN vault_scope s ON s.id = e.scope WHERE e.id = @p0 AND s.tenant = @p1 AND e.state = @p2", id, tenant, Live) is not null;

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

    /// <summary>Values that nobody holds and that are not erased as <see cref="EraseUnheld"/> does it.</summary>
    public static List<long> UnheldValues(DbConnection connection)
    {
        using DbCommand command = connection.Command(
            $"""
            SELECT e.id FROM vault_entry e WHERE {OfValue} AND {Unheld}
            AND (e.join_id IS NOT NULL OR e.salt IS NOT NULL OR EXISTS (SELECT 1 FROM vault_reveal r WHERE r.entry_id = e.id))
            """);
        using DbDataReader reader = command.ExecuteReader();
        List<long> found = [];
        while (reader.Read())
            found.Add(reader.GetInt64(0));
        return found;
    }

    /// <summary>Erases those of the entries that nobody holds: they lose what they are found by and what their tokens derive from. Returns what they were found by.</summary>
    public static List<EntryKey> EraseUnheld(ControlTransaction transaction, IEnumerable<long> entries)
    {
        List<EntryKey> erased = [];
        foreach (long[] chunk in entries.Chunk(KeysPerQuery))
        {
            List<long> unheld = [];
            using (DbCommand command = transaction.Command(
                $"SELECT e.id, e.scope, e.join_id FROM vault_entry e WHERE e.id IN ({IdList.Parameters(0, chunk.Length)}) AND {Unheld}",
                IdList.Values(chunk)))
            {
                using DbDataReader reader = command.ExecuteReader();
                while (reader.Read())
                {
                    unheld.Add(reader.GetInt64(0));
                    if (reader.GetValue(2) is byte[] { Length: JoinId.Size } joinId)
                        erased.Add(new EntryKey(reader.GetInt64(1), JoinId.Read(joinId)));
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
    public static void Insert(ControlTransaction transaction, IReadOnlyCollection<PendingEntry> entries)
    {
        int inserted = transaction.InsertColumns(
            "vault_entry",
            "id, scope, join_id, salt, state",
            entries.Select(e => e.Id).ToArray(),
            entries.Select(e => e.Key.Scope).ToArray(),
            entries.Select(e => e.Key.JoinId.ToArray()).ToArray(),
            entries.Select(e => e.Salt).ToArray(),
            new long[entries.Count]);
        if (inserted < entries.Count)
            RefuseUnlessSame(transaction, entries);
    }

    public static void InsertHolders(ControlTransaction transaction, IReadOnlyCollection<Holder> holders) => transaction.InsertColumns(
        "vault_holder",
        "subject_id, entry_id, sealed, key_version",
        holders.Select(h => h.SubjectId).ToArray(),
        holders.Select(h => h.EntryId).ToArray(),
        holders.Select(h => h.Sealed).ToArray(),
        holders.Select(h => (long)h.KeyVersion).ToArray());

    /// <summary>
    /// Usually another batch has just stored the very same entries. If they are others (a second process, a lost race), rows of this
    /// batch would point to a number that means nothing, so the batch must not be stored.
    /// </summary>
    private static void RefuseUnlessSame(ControlTransaction transaction, IReadOnlyCollection<PendingEntry> entries)
    {
        Dictionary<EntryKey, long> stored = [];
        Find(transaction.Connection, entries.Select(e => e.Key), stored);
        if (entries.Any(e => !stored.TryGetValue(e.Key, out long id) || id != e.Id))
            throw new StorageFailureException("The dictionary changed while the batch was on its way; send it again.");
    }

    private static byte[] PrefixOf(EntryKey key) => key.JoinId.ToArray()[..PrefixSize];
}
