using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Opaline.Storage;

/// <summary>
/// The control store in one SQLite file. One writer takes works from a queue and commits as many as are waiting in one transaction, so
/// that one fsync serves them all; a savepoint keeps a work that throws from touching the others.
/// </summary>
internal sealed partial class SqliteControlStore : IControlStore
{
    public const string FileName = "control.db";

    private const int QueueLength = 4_096;
    private const long CheckpointBytes = 4 * 1024 * 1024;
    private const string FailedMessage =
        "The control store could not be written and refuses further writes. Check the disk of the data folder, then restart the server.";

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly PrivateFolder _folder;
    private readonly SqliteConnection _writer;
    private readonly SqliteReaders _readers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileInfo _wal;
    private readonly Channel<PendingWrite> _queue =
        Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly Task _writing;
    private readonly List<PendingWrite> _group = [];
    private long _checkpointAt = CheckpointBytes;
    private volatile bool _failed;
    private int _disposed;

    internal SqliteControlStore(PrivateFolder folder, SqliteConnection writer, SqliteReaders readers, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _writer = writer;
        _readers = readers;
        _time = time;
        _logger = logger;
        _wal = new FileInfo(writer.DataSource + "-wal");
        _writing = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public bool Failed => _failed;

    /// <summary>The file.</summary>
    public string FilePath => _writer.DataSource;

    /// <summary>The folder that the store holds.</summary>
    public PrivateFolder Folder => _folder;

    /// <inheritdoc />
    public async Task<T> WriteAsync<T>(Func<ControlTransaction, T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_failed)
            throw new StorageFailureException(FailedMessage);
        PendingWrite<T> write = new(work);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new StorageFailureException("The control store is closed.");
        }

        await using (cancellationToken.Register(() => write.Abandon(cancellationToken)))
            return await write.Task;
    }

    /// <inheritdoc />
    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _readers.ReadAsync(read, cancellationToken);
    }

    /// <summary>Reads on the caller's thread; for opening.</summary>
    public T Read<T>(Func<DbConnection, T> read) => _readers.Read(read);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _queue.Writer.Complete();
        await _writing;
        await _readers.DisposeAsync();
        try
        {
            if (!_failed)
            {
                SqliteConnections.Run(_writer, "PRAGMA wal_checkpoint(TRUNCATE)");
                SqliteConnections.CheckpointOnClose(_writer, true);
            }
        }
        catch (SqliteException fault)
        {
            // The WAL stays and is folded in at the next start.
            LogFailure(fault.SqliteErrorCode);
            _failed = true;
        }
        finally
        {
            await _writer.DisposeAsync();
            _folder.Dispose();
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            _group.Clear();
            if (_failed)
                RefuseWaiting();
            else
                CommitGroup();
        }
    }

    private void CommitGroup()
    {
        try
        {
            using (SqliteTransaction transaction = _writer.BeginTransaction(deferred: false))
            {
                long begun = _time.GetTimestamp();
                while (_time.GetElapsedTime(begun) < Gathering && _queue.Reader.TryRead(out PendingWrite? write))
                {
                    if (write.TryStart())
                        RunInSavepoint(transaction, write);
                }

                transaction.Commit();
            }

            foreach (PendingWrite write in _group)
                write.Publish();
        }
        catch (Exception exception)
        {
            // A failed commit, an engine that rolled everything back, or a cache that could not follow: memory and disk may differ, and
            // a second fsync may lie. Only a restart reads again what is really there.
            _failed = true;
            LogFailure(SqliteFaults.Code(exception));
            foreach (PendingWrite write in _group)
                write.Fail(new StorageFailureException(FailedMessage));
            return;
        }

        foreach (PendingWrite write in _group)
            write.Succeed();
        Checkpoint();
    }

    private void RunInSavepoint(SqliteTransaction transaction, PendingWrite write)
    {
        _group.Add(write);
        transaction.Save("work");
        try
        {
            write.Run(new ControlTransaction(transaction));
        }
        catch (Exception exception) when (!SqliteFaults.IsFatal(exception) && raw.sqlite3_get_autocommit(_writer.Handle) == 0)
        {
            transaction.Rollback("work");
            transaction.Release("work");
            _group.RemoveAt(_group.Count - 1);
            write.Fail(SqliteFaults.Translate(exception));
            return;
        }

        transaction.Release("work");
    }

    private void Checkpoint()
    {
        try
        {
            _wal.Refresh();
            if (!_wal.Exists || _wal.Length < _checkpointAt)
                return;
            using SqliteCommand command = _writer.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
            using SqliteDataReader reader = command.ExecuteReader();
            // While a reader holds an old snapshot the WAL cannot be given back: ask again when it has grown by as much again.
            bool whole = reader.Read() && reader.GetInt64(1) == reader.GetInt64(2);
            _checkpointAt = whole ? CheckpointBytes : _wal.Length + CheckpointBytes;
        }
        catch (SqliteException fault)
        {
            _failed = true;
            LogFailure(fault.SqliteErrorCode);
        }
    }

    private void RefuseWaiting()
    {
        while (_queue.Reader.TryRead(out PendingWrite? write))
        {
            if (write.TryStart())
                write.Fail(new StorageFailureException(FailedMessage));
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The control store failed (SQLite code {Code}) and refuses writes until the server is restarted.")]
    private partial void LogFailure(int code);
}
