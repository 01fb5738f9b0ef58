using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Opaline.Storage;

/// <summary>A bounded pool of read-only connections. Each read sees one snapshot from its first statement to its last.</summary>
internal sealed class SqliteReaders(string path, int limit) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(limit, limit);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return Read(read);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Reads on the caller's thread without waiting for a slot; for opening.</summary>
    public T Read<T>(Func<DbConnection, T> read)
    {
        if (_closed)
            throw new StorageFailureException("The control store is closed.");
        SqliteSession? connection = null;
        bool reusable = false;
        try
        {
            connection = _idle.TryTake(out SqliteSession? idle) ? idle : SqliteConnections.OpenReader(path);
            Run(connection, "BEGIN");
            T value = read(connection);
            Run(connection, "ROLLBACK");
            reusable = true;
            return value;
        }
        catch (Exception exception) when (SqliteFaults.Translate(exception) is StorageFailureException translated && translated != exception)
        {
            throw translated;
        }
        finally
        {
            // A connection whose read threw may hold its snapshot open and so keep the WAL from being folded in.
            if (reusable && !_closed)
                _idle.Add(connection!);
            else
                connection?.Dispose();
        }
    }

    /// <summary>Waits for the reads that are under way and closes their connections; whoever waits for a slot is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (int i = 0; i < limit; i++)
            await _slots.WaitAsync();
        while (_idle.TryTake(out SqliteSession? connection))
            await connection.DisposeAsync();
        _slots.Release(limit);
    }

    private static void Run(SqliteSession connection, string sql)
    {
        using SqliteCommand command = connection.Command(sql);
        command.ExecuteNonQuery();
    }
}
