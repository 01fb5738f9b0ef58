using System.Collections.Concurrent;
using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>A bounded pool of sessions that only read. Each aggregation sees one snapshot and never waits for settling.</summary>
internal sealed class DuckDbReaders(DuckDBConnection root, int limit, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(limit, limit);
    private readonly ConcurrentBag<DuckDbSession> _idle = [];
    private volatile bool _closed;

    public async Task<IReadOnlyList<object?[]>> ReadAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            using CancellationTokenSource limited = new(timeout, time);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
            // The engine computes on the calling thread, for seconds.
            return await Task.Run(() => Read(sql, parameters, linked.Token), cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageFailureException("The aggregation took longer than Opaline:Storage:AggregateTimeoutSeconds.");
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out DuckDbSession? session))
            session.Dispose();
        _slots.Dispose();
    }

    private List<object?[]> Read(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        DuckDbSession? session = null;
        bool reusable = false;
        try
        {
            session = _idle.TryTake(out DuckDbSession? idle) ? idle : new DuckDbSession(root);
            session.Run("BEGIN TRANSACTION READ ONLY");
            List<object?[]> rows = Rows(session, sql, parameters, cancellationToken);
            session.Run("ROLLBACK");
            reusable = true;
            return rows;
        }
        catch (DuckDBException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw DuckDbFaults.Translate(fault, "The event store could not compute the aggregation");
        }
        finally
        {
            if (reusable && !_closed)
                _idle.Add(session!);
            else
                session?.Dispose();
        }
    }

    private static List<object?[]> Rows(DuckDbSession session, string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        using DuckDBCommand command = session.Command(sql, [.. parameters]);
        using CancellationTokenRegistration registration = cancellationToken.Register(command.Cancel);
        cancellationToken.ThrowIfCancellationRequested();
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = DuckDbTypes.Result(reader.GetValue(i));
            rows.Add(row);
        }

        return rows;
    }
}
