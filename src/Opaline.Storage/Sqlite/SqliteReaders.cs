using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Opaline.Storage;

/// <summary>A bounded pool of read-only connections. Each read sees one snapshot from its first statement to its last.</summary>
internal sealed class SqliteReaders(string path, int limit) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(limit, limit);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
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
        ObjectDisposedException.ThrowIf(_closed, this);
        SqliteConnection? connection = null;
        bool reusable = false;
        try
        {
            connection = _idle.TryTake(out SqliteConnection? idle) ? idle : SqliteConnections.OpenReader(path);
            SqliteConnections.Run(connection, "BEGIN");
            T value = read(connection);
            SqliteConnections.Run(connection, "ROLLBACK");
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

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out SqliteConnection? connection))
            connection.Dispose();
        _slots.Dispose();
    }
}
