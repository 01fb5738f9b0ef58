using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// Opens events.duckdb, and only beside the control.db that it belongs to: an event store that is behind what the inbox can still replay
/// has lost rows, one that is ahead would skip rows that are still to come.
/// </summary>
internal static class DuckDbOpening
{
    private const string Remedy = "Restore the whole data folder from one backup; nothing was changed.";
    private const string Damaged = "events.duckdb in the data folder is damaged, or encrypted otherwise than Opaline:Storage:EncryptEvents says. " + Remedy;

    private const int Readers = 4;
    private const int MaxMegabytes = 4_096;

    public static IEventStore Open(
        SqliteControlStore control, CatalogStore catalog, StorageOptions options, TimeProvider time, ILogger logger)
    {
        (byte[] storeId, long deletedThrough, long lastLsn) = control.Read(connection => (
            (byte[])connection.Scalar("SELECT store_id FROM installation")!, InboxTable.DeletedThrough(connection), InboxTable.LastLsn(connection)));
        string path = control.Folder.File(DuckDbEventStore.FileName);
        if (!File.Exists(path) && deletedThrough > 0)
            throw new StorageFailureException("events.duckdb is missing from the data folder. " + Remedy);

        string id = Convert.ToHexStringLower(storeId);
        if (!File.Exists(path))
            Found(path, control.Folder.Path, options, id);

        DuckDBConnection root = new("Data Source=:memory:");
        DuckDbSession? writer = null;
        try
        {
            root.Open();
            Attach(root, path, control.Folder.Path, options);
            control.Folder.File(DuckDbEventStore.FileName);
            writer = new DuckDbSession(root);
            long applied = CheckPair(writer, id, deletedThrough, lastLsn);
            DuckDbSchema schema = DuckDbSchema.Load(writer);
            foreach (long dataset in schema.Datasets)
                ReadWhole(writer, dataset);
            foreach (Dataset dataset in catalog.All)
                schema.Prepare(writer, dataset);
            DuckDbAggregations readers = new(root, Readers, options.AggregateTimeout, options.AggregateRows, time);
            return new DuckDbEventStore(root, writer, readers, schema, applied, logger);
        }
        catch (Exception exception)
        {
            writer?.Dispose();
            root.Dispose();
            throw exception is DuckDBException ? new StorageFailureException(Damaged) : exception;
        }
    }

    private static void Attach(DuckDBConnection root, string path, string folder, StorageOptions options)
    {
        // Half of what the process may use.
        long memory = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / 1024 / 1024, 64, MaxMegabytes);
        Run(root, string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{memory}MB'"));
        Run(root, $"SET temp_directory = '{Quoted(Path.Combine(folder, "spill"))}'");
        string form = "";
        if (options.EncryptEvents)
        {
            LoadCryptography(root);
            if (options.EventsKey.Length != 32)
                throw new StorageFailureException("Opaline:Storage:EncryptEvents needs the key of the event store.");
            form = $" (ENCRYPTION_KEY '{Convert.ToHexStringLower(options.EventsKey.Span)}')";
        }

        Run(root, $"ATTACH '{Quoted(path)}' AS {DuckDbSession.Database}{form}");
        // From here on SQL reaches this one file and nothing else, and cannot change that.
        Run(root, "SET enable_external_access = false");
        Run(root, "SET autoinstall_known_extensions = false");
        Run(root, "SET autoload_known_extensions = false");
        Run(root, "SET lock_configuration = true");
    }

    private static void LoadCryptography(DuckDBConnection root)
    {
        try
        {
            Run(root, "LOAD httpfs");
        }
        catch (DuckDBException)
        {
            throw new StorageFailureException(
                "The event store cannot be encrypted, as DuckDB's httpfs extension is not installed. Install it for the server's user, "
                + "or set Opaline:Storage:EncryptEvents to false and encrypt the disk.");
        }
    }

    /// <summary>Makes the file under another name and renames it once it is whole, so that a first start which breaks off leaves nothing that looks like a store.</summary>
    private static void Found(string path, string folder, StorageOptions options, string storeId)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        File.Delete(unfinished + ".wal");
        try
        {
            using DuckDBConnection root = new("Data Source=:memory:");
            root.Open();
            Attach(root, unfinished, folder, options);
            using DuckDbSession writer = new(root);
            using (DuckDBTransaction transaction = writer.Connection.BeginTransaction())
            {
                writer.Run("CREATE TABLE opaline_store (store_id VARCHAR NOT NULL, applied_lsn BIGINT NOT NULL)");
                writer.Run("CREATE TABLE opaline_retired (field_id BIGINT NOT NULL)");
                writer.Run("INSERT INTO opaline_store VALUES ($1, 0)", storeId);
                transaction.Commit();
            }

            writer.Run($"CHECKPOINT {DuckDbSession.Database}");
        }
        catch (DuckDBException)
        {
            throw new StorageFailureException("events.duckdb could not be made in the data folder: check its disk and start again. Nothing was stored yet.");
        }

        File.Move(unfinished, path);
    }

    private static long CheckPair(DuckDbSession writer, string storeId, long deletedThrough, long lastLsn)
    {
        if (writer.Number("SELECT count(*) FROM opaline_store WHERE store_id = $1", storeId) != 1)
            throw new StorageFailureException("events.duckdb belongs to another control.db. " + Remedy);
        long applied = writer.Number("SELECT applied_lsn FROM opaline_store");
        if (applied < deletedThrough)
            throw new StorageFailureException("events.duckdb is older than control.db and lacks rows that the inbox no longer has. " + Remedy);
        if (applied > lastLsn)
            throw new StorageFailureException("control.db is older than events.duckdb, so new rows would be taken for known ones. " + Remedy);
        return applied;
    }

    // DuckDB checks a block when it reads it: read them all now rather than fail an answer that has been paid for.
    private static void ReadWhole(DuckDbSession writer, long dataset) =>
        writer.Run($"SELECT bit_xor(hash(t)) FROM {EventTable.Name(dataset)} t");

    private static string Quoted(string path) => path.Replace("'", "''", StringComparison.Ordinal);

    private static void Run(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Paths and numbers of the configuration; SET and ATTACH take no parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
