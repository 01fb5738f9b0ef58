using System.Globalization;
using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>
/// Takes the old content of deleted rows out of the event store's file. DuckDB keeps deleted rows in place until nothing of their row group is left, and old
/// blocks of the file as they are until they are used again. So tables are written anew, twice: first behind the old ones, then into the blocks of the old ones,
/// after which the file is cut; what blocks are still free then are filled once, a slice at a time.
/// </summary>
internal static class DuckDbScrub
{
    private const string Fresh = "rewrite";
    private const string Filler = "filler_";
    private const long FillerRowBytes = 64;

    // 64 MB: what a checkpoint writes while readers wait.
    private const long SliceRows = 1_048_576;

    // Each of the filler's columns begins a block of its own.
    private const long Spare = 32_768;

    /// <summary>Writes a table anew. Readers may go on meanwhile.</summary>
    public static void Rewrite(DuckDbSession session, string table)
    {
        using DuckDBTransaction transaction = session.Connection.BeginTransaction();
        session.Run($"CREATE TABLE {Fresh} AS SELECT * FROM {table}");
        session.Run($"DROP TABLE {table}");
        session.Run($"ALTER TABLE {Fresh} RENAME TO {table}");
        transaction.Commit();
    }

    /// <summary>Folds the log in, which frees and cuts. Refused by the engine while anybody reads an older state.</summary>
    /// <exception cref="StorageFailureException">Something is left in the log.</exception>
    public static void Checkpoint(DuckDbSession session)
    {
        session.Run($"CHECKPOINT {DuckDbSession.Database}");
        using DuckDBCommand command = session.Command($"SELECT wal_size FROM pragma_database_size() WHERE database_name = '{DuckDbSession.Database}'");
        if (command.ExecuteScalar() is not "0 bytes")
            throw new StorageFailureException("The log of events.duckdb could not be cut. Try again.");
    }

    /// <summary>How many rows of filler it takes to overwrite every block that is free now.</summary>
    public static long FillerRows(DuckDbSession session)
    {
        long free = session.Number($"SELECT free_blocks * block_size FROM pragma_database_size() WHERE database_name = '{DuckDbSession.Database}'");
        return free == 0 ? 0 : (free / FillerRowBytes) + Spare;
    }

    /// <summary>
    /// Overwrites free blocks with numbers that do not compress, from that row on, and keeps them taken until <see cref="DropFillers"/>. Readers may go on meanwhile. Returns
    /// where the next slice begins.
    /// </summary>
    public static long Fill(DuckDbSession session, long row, long rows)
    {
        long next = Math.Min(rows, row + SliceRows);
        string columns = string.Join(", ", Enumerable.Range(0, (int)(FillerRowBytes / sizeof(long))).Select(i => $"hash(i, {i}) AS c{i}"));
        session.Run(string.Create(
            CultureInfo.InvariantCulture,
            $"CREATE TABLE {Filler}{row} AS SELECT {columns} FROM range({row}, {next}) AS r(i)"));
        return next;
    }

    /// <summary>Drops what filled, that of a cleaning that was cut off too.</summary>
    public static void DropFillers(DuckDbSession session)
    {
        List<string> tables = [];
        using (DuckDBCommand command = session.Command($"SELECT table_name FROM duckdb_tables() WHERE database_name = '{DuckDbSession.Database}' AND starts_with(table_name, '{Filler}')"))
        {
            using DuckDBDataReader reader = command.ExecuteReader();
            while (reader.Read())
                tables.Add(reader.GetString(0));
        }

        foreach (string table in tables)
            session.Run($"DROP TABLE {table}");
    }
}
