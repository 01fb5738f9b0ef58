using System.Data.Common;
using System.Globalization;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>
/// Looks every store through for what must be gone: keys, values, join ids and salts, reveals, frames in the inbox, rows and their marks. What files keep of deleted rows is
/// taken out before, by the stores themselves, which fail if a log or a free block could not be overwritten.
/// </summary>
internal sealed class ErasureCheck(IControlStore store, IEventStore events)
{
    private const int SubjectsPerQuery = 500;
    private const long RowsPerRead = 20_000;

    /// <summary>What is still there, by number of the erasure; empty if nothing is.</summary>
    public async Task<Dictionary<long, string>> RunAsync(IReadOnlyList<Erasure> erasures, IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken)
    {
        Dictionary<long, string> left = [];
        Dictionary<long, Erasure> bySubject = erasures.ToDictionary(e => e.SubjectId);
        if (await store.ReadAsync(Unowned, cancellationToken) is { } unowned)
        {
            foreach (Erasure erasure in erasures)
                left[erasure.Id] = unowned;
        }

        foreach (long[] subjects in bySubject.Keys.Chunk(SubjectsPerQuery))
        {
            foreach ((long subject, string what) in await store.ReadAsync(connection => InVault(connection, subjects), cancellationToken))
                left[bySubject[subject].Id] = what;
            string list = string.Join(',', subjects.Select(s => s.ToString(CultureInfo.InvariantCulture)));
            foreach (string table in datasets.Select(EventTable.Name))
            {
                IReadOnlyList<object?[]> rows = await events.AggregateAsync(
                    $"SELECT DISTINCT {EventTable.Subject} FROM {table} WHERE {EventTable.Subject} IN ({list})", [], cancellationToken);
                foreach (object?[] row in rows)
                    left[bySubject[(long)row[0]!].Id] = "rows";
            }
        }

        long after = 0;
        while (await store.ReadAsync(connection => InboxTable.ReadBatch(connection, after, long.MaxValue, RowsPerRead), cancellationToken) is { Count: > 0 } frames)
        {
            after = frames[^1].Lsn;
            foreach (ProtectedRow row in frames.SelectMany(f => RowFrame.Read(f.Rows).Rows).Where(r => bySubject.ContainsKey(r.Subject)))
                left[bySubject[row.Subject].Id] = "rows in the inbox";
        }

        return left;
    }

    private static List<(long Subject, string What)> InVault(DbConnection connection, long[] subjects)
    {
        string list = IdList.Parameters(0, subjects.Length);
        object?[] values = IdList.Values(subjects);
        List<(long, string)> left = [];
        foreach ((string what, string sql) in ((string, string)[])
            [("keys", $"SELECT subject_id FROM subject_key WHERE subject_id IN ({list})"),
             ("values", $"SELECT subject_id FROM vault_holder WHERE subject_id IN ({list})"),
             ("join ids", $"SELECT id FROM vault_entry WHERE id IN ({list}) AND (join_id IS NOT NULL OR salt IS NOT NULL)"),
             ("reveals", $"SELECT entry_id FROM vault_reveal WHERE entry_id IN ({list})")])
        {
            using DbCommand command = connection.Command(sql, values);
            using DbDataReader reader = command.ExecuteReader();
            while (reader.Read())
                left.Add((reader.GetInt64(0), what));
        }

        return left;
    }

    // Which values the erased had is forgotten with them, but a value that nobody has must have lost everything, whose it ever was.
    private static string? Unowned(DbConnection connection)
    {
        string values = $"e.scope LIKE '{StoredScope.OfValues("")}%'";
        const string unheld = "NOT EXISTS (SELECT 1 FROM vault_holder h WHERE h.entry_id = e.id)";
        foreach ((string what, string sql) in ((string, string)[])
            [("keys of pages", "SELECT 1 FROM key_page WHERE state <> 0 AND length(wrapped) > 0 LIMIT 1"),
             ("join ids of values", $"SELECT 1 FROM vault_entry e WHERE {values} AND (e.join_id IS NOT NULL OR e.salt IS NOT NULL) AND (e.state <> 0 OR {unheld}) LIMIT 1"),
             ("reveals of values", $"SELECT 1 FROM vault_reveal r JOIN vault_entry e ON e.id = r.entry_id WHERE {values} AND {unheld} LIMIT 1")])
        {
            if (connection.Scalar(sql) is not null)
                return what;
        }

        return null;
    }
}
