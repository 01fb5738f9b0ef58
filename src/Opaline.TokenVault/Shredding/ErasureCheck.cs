using System.Data.Common;
using System.Globalization;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>Looks every store through for what must be gone.</summary>
internal sealed class ErasureCheck(IControlStore store, IEventStore events)
{
    private const int SubjectsPerQuery = 500;

    /// <exception cref="StorageFailureException">Something is still there.</exception>
    public async Task RunAsync(IReadOnlyList<Erasure> erasures, IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken)
    {
        foreach (Erasure[] chunk in erasures.Chunk(SubjectsPerQuery))
        {
            long[] subjects = [.. chunk.Select(e => e.SubjectId)];
            await store.ReadAsync(connection => Vault(connection, subjects), cancellationToken);
            string gone = $"{EventTable.Subject} IN ({string.Join(',', subjects.Select(s => s.ToString(CultureInfo.InvariantCulture)))})";
            foreach (string table in datasets.Select(EventTable.Name).Append(OrdinalTables.Mark))
            {
                IReadOnlyList<object?[]> rows = await events.AggregateAsync($"SELECT COUNT(*) FROM {table} WHERE {gone}", [], cancellationToken);
                Require(rows is [[long and 0]], "rows");
            }
        }
    }

    private static bool Vault(DbConnection connection, long[] subjects)
    {
        string list = IdList.Parameters(0, subjects.Length);
        object?[] values = IdList.Values(subjects);
        Require(Count(connection, $"SELECT COUNT(*) FROM subject_key WHERE subject_id IN ({list})", values) == 0, "keys");
        Require(Count(connection, $"SELECT COUNT(*) FROM vault_holder WHERE subject_id IN ({list})", values) == 0, "values");
        Require(Count(connection, $"SELECT COUNT(*) FROM vault_entry WHERE id IN ({list}) AND (join_id IS NOT NULL OR salt IS NOT NULL)", values) == 0, "join ids");
        Require(
            Count(connection, "SELECT COUNT(*) FROM key_page WHERE state <> 0 AND length(wrapped) > 0", []) == 0, "keys of pages");
        return true;
    }

    private static long Count(DbConnection connection, string sql, object?[] parameters) =>
        Convert.ToInt64(connection.Scalar(sql, parameters), CultureInfo.InvariantCulture);

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new StorageFailureException($"After an erasure {what} of the erased are still there.");
    }
}
