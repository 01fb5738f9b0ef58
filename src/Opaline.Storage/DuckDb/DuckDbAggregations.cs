using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;

namespace Opaline.Storage;

/// <summary>A bounded pool of sessions that only read. Each aggregation sees one snapshot and never waits for settling.</summary>
internal sealed class DuckDbAggregations(DuckDBConnection root, int limit, TimeSpan timeout, int maxRows, TimeProvider time) : IAsyncDisposable
{
    private const string Closed = "The event store is closed.";

    private readonly SemaphoreSlim _slots = new(limit, limit);
    private readonly ConcurrentBag<DuckDbSession> _idle = [];
    private readonly CancellationTokenSource _closing = new();

    // The engine looks up from some of its work late; whoever waits gives up in time.
    public Task<IReadOnlyList<object?[]>> ReadAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken) =>
        RunAsync(sql, parameters, cancellationToken).WaitAsync(cancellationToken);

    private async Task<IReadOnlyList<object?[]>> RunAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (_closing.IsCancellationRequested)
                throw new StorageFailureException(Closed);
            using CancellationTokenSource limited = new(timeout, time);
            using CancellationTokenSource linked =
                CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token, _closing.Token);
            // The engine computes on the calling thread, for seconds.
            return await Task.Run(() => Read(sql, parameters, linked.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageFailureException(
                _closing.IsCancellationRequested
                    ? Closed
                    : string.Create(CultureInfo.InvariantCulture, $"The aggregation took longer than {timeout.TotalSeconds} s and was given up."));
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Runs what bears no reader: after those that are under way, while new ones wait. One caller at a time.</summary>
    public async Task PauseAsync(Action action, CancellationToken cancellationToken)
    {
        int taken = 0;
        try
        {
            for (; taken < limit; taken++)
                await _slots.WaitAsync(cancellationToken);
            action();
        }
        finally
        {
            if (taken > 0)
                _slots.Release(taken);
        }
    }

    /// <summary>Interrupts the aggregations that are under way and closes their sessions; whoever waits for a slot is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        for (int i = 0; i < limit; i++)
            await _slots.WaitAsync();
        while (_idle.TryTake(out DuckDbSession? session))
            session.Dispose();
        _slots.Release(limit);
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
            if (reusable && !_closing.IsCancellationRequested)
                _idle.Add(session!);
            else
                session?.Dispose();
        }
    }

    private List<object?[]> Rows(DuckDbSession session, string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        using DuckDBCommand command = session.Command(sql, [.. parameters]);
        using DuckDbInterruption interruption = new(command, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            if (rows.Count == maxRows)
                throw new StorageFailureException("The aggregation has too many groups and was given up.");
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = DuckDbTypes.Result(reader.GetValue(i));
            rows.Add(row);
        }

        return rows;
    }
}
