using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>
/// Takes the old content of deleted rows out of the event store's file. DuckDB keeps deleted rows in place until nothing of their row group is left, and old
/// blocks of the file as they are until they are used again. So tables are written anew, twice: first behind the old ones, then into the blocks of the old ones,
/// after which the file is cut; what blocks are still free then are filled once.
/// </summary>
internal static class DuckDbScrub
{
    private const string Fresh = "rewrite";
    private const string Filler = "filler";
    private const long FillerRowBytes = 64;

    // Each of the filler's columns begins a block of its own.
    private const long Spare = 32_768;

    /// <summary>Writes the tables anew. Readers may go on meanwhile.</summary>
    public static void Rewrite(DuckDbSession session, IReadOnlyList<string> tables)
    {
        foreach (string table in tables)
        {
            using DuckDBTransaction transaction = session.Connection.BeginTransaction();
            session.Run($"CREATE TABLE {Fresh} AS SELECT * FROM {table}");
            session.Run($"DROP TABLE {table}");
            session.Run($"ALTER TABLE {Fresh} RENAME TO {table}");
            transaction.Commit();
        }
    }

    /// <summary>Folds the log in, which frees and cuts. Refused by the engine while anybody reads an older state.</summary>
    public static void Checkpoint(DuckDbSession session) => session.Run($"CHECKPOINT {DuckDbSession.Database}");

    /// <summary>Overwrites every free block with numbers that do not compress, and frees it again. Nobody may read meanwhile.</summary>
    public static void Fill(DuckDbSession session)
    {
        long free = session.Number($"SELECT free_blocks * block_size FROM pragma_database_size() WHERE database_name = '{DuckDbSession.Database}'");
        if (free == 0)
            return;
        // One that was cut off before has left its table.
        session.Run($"DROP TABLE IF EXISTS {Filler}");
        string columns = string.Join(", ", Enumerable.Range(0, (int)(FillerRowBytes / sizeof(long))).Select(i => $"hash(i, {i}) AS c{i}"));
        session.Run($"CREATE TABLE {Filler} AS SELECT {columns} FROM range({(free / FillerRowBytes) + Spare}) AS r(i)");
        Checkpoint(session);
        session.Run($"DROP TABLE {Filler}");
        Checkpoint(session);
    }
}
