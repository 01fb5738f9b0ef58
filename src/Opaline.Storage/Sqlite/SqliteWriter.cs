using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Opaline.Storage;

/// <summary>The one connection that writes to control.db, and the checkpoints of its log.</summary>
internal sealed partial class SqliteWriter(SqliteConnection connection, ILogger logger) : IGroupWriter
{
    private readonly ILogger _logger = logger;
    private readonly FileInfo _wal = new(connection.DataSource + "-wal");
    private long _checkpointAt = SqliteConnections.CheckpointBytes;
    private volatile bool _failed;

    public string FailedMessage =>
        "The control store could not be written and refuses further writes. Check the disk of the data folder, then restart the server.";

    /// <summary>The file.</summary>
    public string FilePath => connection.DataSource;

    public DbTransaction Begin() => connection.BeginTransaction(deferred: false);

    public bool GoesOn(Exception fault) => !SqliteFaults.IsFatal(fault) && raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public Exception Translate(Exception fault) => SqliteFaults.Translate(fault);

    public void ReportFailure(Exception fault)
    {
        _failed = true;
        LogFailure(SqliteFaults.Code(fault));
    }

    public bool AfterCommit()
    {
        try
        {
            _wal.Refresh();
            if (!_wal.Exists || _wal.Length < _checkpointAt)
                return true;
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            using SqliteDataReader reader = command.ExecuteReader();
            // While a reader holds an old snapshot the WAL cannot be given back: ask again when it has grown by as much again.
            bool whole = reader.Read() && reader.GetInt64(1) == reader.GetInt64(2);
            _checkpointAt = whole ? SqliteConnections.CheckpointBytes : _wal.Length + SqliteConnections.CheckpointBytes;
            return true;
        }
        catch (SqliteException fault)
        {
            ReportFailure(fault);
            return false;
        }
    }

    /// <summary>
    /// Makes the index of join ids anew. secure_delete overwrites what is deleted, but not the copies that a page keeps of cells that moved to its neighbours: a thousand erasures
    /// left one behind in every other run of the drill. False if it could not be done, in which case nothing has changed.
    /// </summary>
    public bool RewriteIndex()
    {
        try
        {
            SqliteConnections.Run(connection, "REINDEX vault_entry");
            return true;
        }
        catch (SqliteException)
        {
            // An index that is damaged is no reason to refuse commits; a disk that is will be found by the next one.
            return false;
        }
    }

    /// <summary>Folds the log into the file and cuts it; false if a read that still sees an older state was in the way.</summary>
    public bool Fold()
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && reader.GetInt64(0) == 0;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_failed)
            {
                SqliteConnections.Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
                SqliteConnections.CheckpointOnClose(connection, true);
            }
        }
        catch (SqliteException fault)
        {
            // The WAL stays and is folded in at the next start.
            ReportFailure(fault);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control store failed (SQLite code {Code}) and refuses writes until the server is restarted.")]
    private partial void LogFailure(int code);
}
