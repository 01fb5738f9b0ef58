using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Opaline.Storage;

/// <summary>Runs aggregations: a few at a time, each on one snapshot, read-only, and not longer than the limit.</summary>
internal sealed class PostgresAggregations(NpgsqlDataSource source, int limit, TimeSpan timeout, int maxRows) : IAsyncDisposable
{
    private const string Closed = "The event store is closed.";

    private readonly SemaphoreSlim _slots = new(limit, limit);
    private readonly CancellationTokenSource _closing = new();
    private bool _disposed;

    public async Task<IReadOnlyList<object?[]>> RunAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (_closing.IsCancellationRequested)
                throw new StorageFailureException(Closed);
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            return await ReadAsync(sql, parameters, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageFailureException(Closed);
        }
        catch (DbException fault) when (PostgresFaults.Code(fault) == PostgresFaults.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            throw new StorageFailureException(
                string.Create(CultureInfo.InvariantCulture, $"The aggregation took longer than {timeout.TotalSeconds} s and was given up."));
        }
        catch (Exception fault) when (fault is DbException or InvalidCastException or OverflowException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StorageFailureException($"The event store could not compute the aggregation (SQLSTATE {PostgresFaults.Code(fault)}).");
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Interrupts the aggregations that are under way; whoever waits for a slot is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _closing.CancelAsync();
        for (int i = 0; i < limit; i++)
            await _slots.WaitAsync();
        _slots.Release(limit);
        await source.DisposeAsync();
    }

    private async Task<IReadOnlyList<object?[]>> ReadAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        // Rolled back when it is disposed, also if what follows fails.
        await using NpgsqlTransaction snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        using (NpgsqlCommand limits = connection.CreateCommand())
        {
            limits.CommandText = "SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', $1, true)";
            limits.Parameters.Add(PostgresTypes.Parameter(timeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)));
            await limits.ExecuteNonQueryAsync(cancellationToken);
        }

        using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A plan's SQL, which holds no value.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (object parameter in parameters)
            command.Parameters.Add(PostgresTypes.Parameter(parameter));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<object?[]> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count == maxRows)
                throw new StorageFailureException("The aggregation has too many groups and was given up.");
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = PostgresTypes.Result(reader, i);
            rows.Add(row);
        }

        return rows;
    }
}
