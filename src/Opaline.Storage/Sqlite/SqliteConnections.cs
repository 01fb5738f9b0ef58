using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Opaline.Storage;

/// <summary>How connections to control.db are opened.</summary>
internal static class SqliteConnections
{
    /// <summary>Size of the log from which on it is folded in.</summary>
    public const long CheckpointBytes = 4 * 1024 * 1024;

    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
    private const int NoCheckpointOnClose = 1006;

    // A little less, so that the log has to grow again before it is folded in again.
    private const long KeptLogBytes = CheckpointBytes - (256 * 1024);

    /// <summary>Connection string of readers, for EF as well.</summary>
    public static string ReadOnly(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false,
        ForeignKeys = true,
    }.ToString();

    public static SqliteSession OpenReader(string path)
    {
        SqliteSession connection = new(ReadOnly(path));
        connection.Open();
        Run(connection, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
        return connection;
    }

    /// <summary>The one connection that writes.</summary>
    public static SqliteSession OpenWriter(string path)
    {
        SqliteSession connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
        }.ToString());
        connection.Open();
        // FULL: each commit is fsynced. secure_delete: what is deleted is overwritten. Checkpoints are run by the store itself, as SQLite
        // ignores their errors. journal_size_limit: a log that was folded in is written over, as syncing one that grows takes half as long again; what has been
        // deleted since is gone once it was, or at the next scrub.
        Run(
            connection,
            $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = {KeptLogBytes};
            PRAGMA temp_store = MEMORY;
            PRAGMA cell_size_check = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA cache_size = -32768;
            """);
        CheckpointOnClose(connection, false);
        return connection;
    }

    /// <summary>
    /// Whether closing folds the WAL into the file. Off while the store runs: after a failed fsync a second try may report a success that
    /// never was, so the WAL has to stay for the next start.
    /// </summary>
    public static void CheckpointOnClose(SqliteConnection connection, bool on)
    {
        if (raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, on ? 0 : 1, out _) != raw.SQLITE_OK)
            throw new StorageFailureException("The control store could not be configured; reinstall the server.");
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
