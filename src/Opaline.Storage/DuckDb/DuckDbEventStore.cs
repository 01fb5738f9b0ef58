using System.Collections.Concurrent;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Microsoft.Extensions.Logging;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>The event store in one DuckDB file: one session that writes, several that read snapshots meanwhile.</summary>
internal sealed partial class DuckDbEventStore : IEventStore
{
    public const string FileName = "events.duckdb";

    private readonly DuckDBConnection _root;
    private readonly DuckDbSession _writer;
    private readonly DuckDbAggregations _readers;
    private readonly DuckDbSchema _schema;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _writing = new(1, 1);
    // Every plan asks; nobody else writes the file.
    private readonly ConcurrentDictionary<long, OrdinalSeal> _seals = new();
    private long _appliedLsn;
    private bool _disposed;

    internal DuckDbEventStore(
        DuckDBConnection root, DuckDbSession writer, DuckDbAggregations readers, DuckDbSchema schema, long appliedLsn, ILogger logger)
    {
        _root = root;
        _writer = writer;
        _readers = readers;
        _schema = schema;
        _appliedLsn = appliedLsn;
        _logger = logger;
    }

    /// <inheritdoc />
    public SqlDialect Dialect => SqlDialect.DuckDb;

    /// <inheritdoc />
    public long AppliedLsn => Volatile.Read(ref _appliedLsn);

    /// <inheritdoc />
    public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return AloneAsync(() => _schema.Prepare(_writer, dataset), cancellationToken);
    }

    /// <inheritdoc />
    public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return AloneAsync(() => Settle(frames), cancellationToken);
    }

    /// <inheritdoc />
    public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return AloneAsync(() => SealWindowsAsync(dataset, asOf, visibleLsn, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(subjects);
        return AloneAsync(
            () =>
            {
                _schema.Prepare(_writer, dataset);
                using DuckDBTransaction transaction = _writer.Connection.BeginTransaction();
                foreach (string statement in ErasureStatements.Of(dataset, subjects))
                    _writer.Run(statement);
                transaction.Commit();
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        string[] tables = [.. datasets.Select(EventTable.Name)];
        // A step at a time: settling goes on between two, and readers wait for checkpoints alone.
        await AloneAsync(() => DuckDbScrub.DropFillers(_writer), cancellationToken);
        for (int round = 0; round < 2; round++)
        {
            foreach (string table in tables)
                await AloneAsync(() => DuckDbScrub.Rewrite(_writer, table), cancellationToken);
            await FoldAsync(cancellationToken);
        }

        long rows = 0;
        await AloneAsync(() => rows = DuckDbScrub.FillerRows(_writer), cancellationToken);
        for (long row = 0; row < rows;)
        {
            await AloneAsync(() => row = DuckDbScrub.Fill(_writer, row, rows), cancellationToken);
            await FoldAsync(cancellationToken);
        }

        await AloneAsync(() => DuckDbScrub.DropFillers(_writer), cancellationToken);
        await FoldAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (!_seals.TryGetValue(dataset.Id, out OrdinalSeal? seal))
        {
            // What a sealing said meanwhile is newer.
            seal = _seals.GetOrAdd(dataset.Id, OrdinalSeal.Of(await _readers.ReadAsync(OrdinalSeal.Select, [dataset.Id], cancellationToken)));
        }

        return seal.ThroughOf(dataset);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(parameters);
        return _readers.ReadAsync(sql, parameters, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _writing.WaitAsync();
        await _readers.DisposeAsync();
        try
        {
            _writer.Run($"CHECKPOINT {DuckDbSession.Database}");
        }
        catch (DuckDBException fault)
        {
            // The WAL stays and is replayed at the next start.
            LogCheckpointFailure(fault.ErrorType);
        }

        _writer.Dispose();
        await _root.DisposeAsync();
        _writing.Release();
    }

    private Task FoldAsync(CancellationToken cancellationToken) =>
        AloneAsync(() => _readers.PauseAsync(() => DuckDbScrub.Checkpoint(_writer), cancellationToken), cancellationToken);

    private Task AloneAsync(Action action, CancellationToken cancellationToken) => AloneAsync(
        () =>
        {
            action();
            return Task.CompletedTask;
        },
        cancellationToken);

    private async Task AloneAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _disposed))
                throw new StorageFailureException("The event store is closed.");
            await Task.Run(action, cancellationToken);
        }
        catch (DuckDBException fault)
        {
            throw DuckDbFaults.Translate(fault, "The event store could not be written; its frames stay in the inbox. Check the disk of the data folder");
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Settle(IReadOnlyList<InboxFrame> frames)
    {
        List<InboxFrame> fresh = [.. frames.Where(f => f.Lsn > _appliedLsn)];
        if (fresh.Count == 0)
            return;
        for (int i = 1; i < fresh.Count; i++)
        {
            if (fresh[i].Lsn <= fresh[i - 1].Lsn)
                throw new ArgumentException("Frames are settled in the order of their LSN.", nameof(frames));
        }

        DuckDbStage[] stages = [.. fresh.GroupBy(f => f.DatasetId).Select(g => new DuckDbStage(g.Key, g, _schema))];
        foreach (DuckDbStage stage in stages)
            _schema.Ensure(_writer, stage.DatasetId, stage.Columns);

        long applied = fresh[^1].Lsn;
        using DuckDBTransaction transaction = _writer.Connection.BeginTransaction();
        foreach (DuckDbStage stage in stages)
            stage.Move(_writer);
        _writer.Run("UPDATE opaline_store SET applied_lsn = $1", applied);
        transaction.Commit();
        Volatile.Write(ref _appliedLsn, applied);
    }

    private async Task SealWindowsAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken)
    {
        _schema.Prepare(_writer, dataset);
        await using DuckDBTransaction transaction = _writer.Connection.BeginTransaction();
        OrdinalSeal seal = await WindowSealing.SealAsync(_writer.Connection, dataset, asOf, visibleLsn, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _seals[dataset.Id] = seal;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event store could not fold its log in when it closed (DuckDB error {Kind}); the next start will.")]
    private partial void LogCheckpointFailure(DuckDBErrorType kind);
}
