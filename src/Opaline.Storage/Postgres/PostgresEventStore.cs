using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>
/// The event store in the control store's database. Accepted rows go straight into their tables, by COPY in the transaction of their
/// dictionary entries, so nothing ever waits in the inbox; what queries see is still decided by the public clock.
/// </summary>
internal sealed class PostgresEventStore(
    PostgresControlStore control,
    PostgresEventSchema schema,
    PostgresAggregations aggregations,
    NpgsqlConnectionStringBuilder server,
    long appliedLsn,
    TimeSpan busy,
    TimeProvider time)
    : IEventStore, IEventIntake
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Every plan asks; one server at a time uses the database.
    private readonly ConcurrentDictionary<long, OrdinalSeal> _seals = new();

    private long _appliedLsn = appliedLsn;

    /// <inheritdoc />
    public SqlDialect Dialect => SqlDialect.PostgreSql;

    /// <inheritdoc />
    public long AppliedLsn => Volatile.Read(ref _appliedLsn);

    /// <inheritdoc />
    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return ChangeAsync(transaction => schema.Prepare(transaction, dataset), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Func<ControlTransaction, int>> ReceiveAsync(
        long datasetId, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows, DateTime receivedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        await EnsureAsync(datasetId, columns, cancellationToken);
        return transaction =>
        {
            // Rows and their LSN are committed together, so the mark that the embedded engine moves afterwards moves with them.
            long lsn = transaction.Connection.Number("UPDATE inbox_mark SET deleted_through = deleted_through + 1 RETURNING deleted_through")!.Value;
            Store(transaction, datasetId, lsn, columns, rows);
            transaction.OnCommitted(() => Volatile.Write(ref _appliedLsn, lsn));
            return 0;
        };
    }

    /// <inheritdoc />
    public async Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        List<(InboxFrame Frame, IReadOnlyList<FrameColumn> Columns, IReadOnlyList<ProtectedRow> Rows)> fresh = [];
        foreach (InboxFrame frame in frames.Where(f => f.Lsn > AppliedLsn))
        {
            if (fresh.Count > 0 && frame.Lsn <= fresh[^1].Frame.Lsn)
                throw new ArgumentException("Frames are settled in the order of their LSN.", nameof(frames));
            (IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows) = RowFrame.Read(frame.Rows);
            fresh.Add((frame, columns, rows));
        }

        if (fresh.Count == 0)
            return;
        foreach ((InboxFrame frame, IReadOnlyList<FrameColumn> columns, _) in fresh)
            await EnsureAsync(frame.DatasetId, columns, cancellationToken);
        long applied = fresh[^1].Frame.Lsn;
        await control.WriteAsync(
            transaction =>
            {
                foreach ((InboxFrame frame, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows) in fresh)
                    Store(transaction, frame.DatasetId, frame.Lsn, columns, rows);
                transaction.Execute("UPDATE inbox_mark SET deleted_through = @p0", applied);
                transaction.OnCommitted(() => Volatile.Write(ref _appliedLsn, applied));
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        await PrepareAsync(dataset, cancellationToken);
        // Whole windows are ranked then, by statements that take forever where the planner knows nothing of the rows, and have ordinals afterwards.
        bool moves = TruncationWindow.SealedThrough(dataset, asOf) > (await SealOfAsync(dataset, cancellationToken)).Through;
        try
        {
            // A session of its own: ranking a large window takes a while, and commits must not wait for it.
            await using NpgsqlConnection connection = PostgresConnections.Sealer(server);
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (moves)
                await AnalyzeAsync(connection, dataset, cancellationToken);
            OrdinalSeal seal = await WindowSealing.SealAsync(connection, dataset, asOf, visibleLsn, cancellationToken);
            if (moves)
                await AnalyzeAsync(connection, dataset, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _seals[dataset.Id] = seal;
        }
        catch (DbException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StorageFailureException($"The event store could not rank rows (SQLSTATE {PostgresFaults.Code(fault)}).");
        }
    }

    /// <inheritdoc />
    public async Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(subjects);
        await PrepareAsync(dataset, cancellationToken);
        await control.WriteAsync(
            transaction => ErasureStatements.Of(dataset, subjects).Sum(statement => transaction.Execute(statement)), cancellationToken);
    }

    /// <inheritdoc />
    public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        // The planner's statistics hold values of rows too.
        return control.Readers.RunAsync(datasets.Select(d => $"VACUUM (ANALYZE) {EventTable.Name(d)}"), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return (await SealOfAsync(dataset, cancellationToken)).ThroughOf(dataset);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(parameters);
        return aggregations.RunAsync(sql, parameters, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => aggregations.DisposeAsync();

    private async Task<OrdinalSeal> SealOfAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        if (!_seals.TryGetValue(dataset.Id, out OrdinalSeal? seal))
        {
            // What a sealing said meanwhile is newer.
            seal = _seals.GetOrAdd(dataset.Id, OrdinalSeal.Of(await aggregations.RunAsync(OrdinalSeal.Select, [dataset.Id], cancellationToken)));
        }

        return seal;
    }

    private static async Task AnalyzeAsync(NpgsqlConnection connection, Dataset dataset, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand analyze = connection.CreateCommand();
#pragma warning disable CA2100 // The table's number.
        analyze.CommandText = $"ANALYZE (SKIP_LOCKED) {EventTable.Name(dataset)}";
#pragma warning restore CA2100
        await analyze.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task EnsureAsync(long datasetId, IReadOnlyList<FrameColumn> columns, CancellationToken cancellationToken)
    {
        if (!schema.Takes(datasetId, columns))
            await ChangeAsync(transaction => schema.Ensure(transaction, datasetId, columns), cancellationToken);
    }

    // An aggregation holds its table against changes for as long as it runs; it does not run longer than its time limit.
    private async Task ChangeAsync(Func<ControlTransaction, bool> change, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        while (!await control.WriteAsync(change, cancellationToken))
        {
            if (time.GetElapsedTime(begun) > busy)
                throw new StorageFailureException("The event table is in use and could not be changed; try again.");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private void Store(ControlTransaction transaction, long datasetId, long lsn, IReadOnlyList<FrameColumn> columns, IReadOnlyList<ProtectedRow> rows)
    {
        List<(FrameColumn Column, int Place)> stored = schema.Stored(columns);
        string stage = PostgresEventSchema.Stage(datasetId);
        string names = $"{EventTable.EventKey}, {EventTable.Subject}, {EventTable.Time}, {EventTable.Sealed}"
            + string.Concat(stored.Select(c => ", " + EventTable.Column(c.Column.FieldId)));
        using (NpgsqlBinaryImporter importer = ((NpgsqlConnection)transaction.Connection).BeginBinaryImport(
            $"COPY {stage} (place, {names}) FROM STDIN (FORMAT BINARY)"))
        {
            for (int i = 0; i < rows.Count; i++)
                Write(importer, i, rows[i], stored);
            importer.Complete();
        }

        // A row that is known gives way, also inside the batch; in the order in which they came, as the sequence numbers them.
        transaction.Execute(
            $"""
            INSERT INTO {EventTable.Name(datasetId)} ({EventTable.Lsn}, {names})
            SELECT @p0, {names} FROM {stage} ORDER BY place
            ON CONFLICT ({EventTable.Subject}, {EventTable.EventKey}) DO NOTHING
            """,
            lsn);
        transaction.Execute($"DELETE FROM {stage}");
    }

    private static void Write(NpgsqlBinaryImporter importer, long place, ProtectedRow row, List<(FrameColumn Column, int Place)> stored)
    {
        importer.StartRow();
        importer.Write(place, NpgsqlDbType.Bigint);
        importer.Write(row.EventKey, NpgsqlDbType.Uuid);
        importer.Write(row.Subject, NpgsqlDbType.Bigint);
        PostgresTypes.WriteInstant(importer, row.TimeMicros);
        if (row.Sealed is null)
            importer.WriteNull();
        else
            importer.Write(row.Sealed, NpgsqlDbType.Bytea);
        foreach ((FrameColumn column, int at) in stored)
            PostgresTypes.Write(importer, column.Type, row.Values[at]);
    }
}
