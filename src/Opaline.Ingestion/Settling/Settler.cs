using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Ingestion;

/// <summary>
/// Moves frames from the inbox into the event store, a fraction of a second after they came, and drives the public clock: at a tick
/// boundary it captures the last durable LSN, settles through it, erases who is to be erased, seals the windows that are over, and publishes the tick. A frame is forgotten only after the event store
/// has committed it, and the event store skips what it has, so a kill between the two loses and doubles nothing.
/// </summary>
internal sealed partial class Settler(
    IControlStore control,
    IEventStore events,
    CatalogStore catalog,
    PublicClock clock,
    Shredder shredder,
    SettlingQueue queue,
    SettlingHealth health,
    TimeProvider time,
    IOptions<IngestOptions> options,
    ILogger<Settler> logger) : BackgroundService
{
    private const int RowsPerMove = 50_000;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pruning = TimeSpan.FromHours(1);

    private DateTimeOffset _pruned;

    /// <summary>Takes over what was left in the inbox, before the host serves.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A kill may have come between the event store's commit and this.
        await ForgetAsync(events.AppliedLsn, cancellationToken);
        queue.Begin(await control.ReadAsync(InboxTable.WaitingRows, cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Does what is due at the tick that the time of day calls for, if it has not been done; for tests.</summary>
    public Task TickAsync(CancellationToken cancellationToken) => SettleAsync(clock.DueNumber, cancellationToken);

    /// <summary>Settles what is there, once; for shutdown and tests.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken) =>
        await SettleThroughAsync(await control.ReadAsync(InboxTable.LastLsn, cancellationToken), cancellationToken);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);

            // What was accepted before the stop is settled still; if the host's patience ends, it waits in the inbox for the next start.
            await SettleAsync(CancellationToken.None);
        }
        catch (StorageFailureException fault)
        {
            Fail(fault.Message);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever it is, going on would leave accepted rows invisible and nobody told. The text may hold values; the type does not.
            Fail($"Settling stopped at an unexpected {fault.GetType().Name}.");
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            long due = clock.DueNumber;
            await SettleAsync(due, stoppingToken);
            try
            {
                await PruneAsync(stoppingToken);
                if (await queue.WaitAsync(clock.UntilNext, stoppingToken))
                    await Task.Delay(Earlier(Gathering, clock.UntilNext), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task SettleAsync(long due, CancellationToken stoppingToken)
    {
        // Not cancelled in the middle: a settling that has begun is short, and ends better whole.
        long captured = await control.ReadAsync(InboxTable.LastLsn, CancellationToken.None);
        await SettleThroughAsync(captured, CancellationToken.None);
        if (due <= clock.Current.Number || stoppingToken.IsCancellationRequested)
            return;
        IReadOnlyList<Erasure> shredded = await shredder.ShredKeysAsync(CancellationToken.None);
        // Before the tick is published, so that what is sealed follows from the tick and not from how long the work took.
        foreach (Dataset dataset in catalog.All)
            await events.SealAsync(dataset, clock.StartOf(due), captured, CancellationToken.None);
        // Last, as questions of the tick before should still see these rows and sealing can take a while.
        await RemoveRowsAsync(shredded, clock.StartOf(due));
        clock.Publish(due, captured);
        await CleanUpAsync(stoppingToken);
    }

    private async Task RemoveRowsAsync(IReadOnlyList<Erasure> shredded, DateTime asOf)
    {
        if (shredded.Count == 0)
            return;
        // What was durable before the keys were gone may still bring rows of these people; nothing that comes later does.
        await SettleAsync(CancellationToken.None);
        await shredder.RemoveRowsAsync(shredded, asOf, CancellationToken.None);
    }

    private async Task CleanUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            await shredder.CleanUpAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogUnclean("the server stops");
        }
        catch (StorageFailureException fault)
        {
            LogUnclean(fault.Message);
        }
    }

    private async Task SettleThroughAsync(long through, CancellationToken cancellationToken)
    {
        while (true)
        {
            long applied = events.AppliedLsn;
            IReadOnlyList<InboxFrame> frames = await control.ReadAsync(
                connection => InboxTable.ReadBatch(connection, applied, through, RowsPerMove), cancellationToken);
            if (frames.Count == 0)
                return;
            await events.SettleAsync(frames, cancellationToken);
            await ForgetAsync(events.AppliedLsn, cancellationToken);
            queue.Settled(frames.Sum(f => (long)RowFrame.Count(f.Rows.Span)));
        }
    }

    private Task<bool> ForgetAsync(long settled, CancellationToken cancellationToken) => control.WriteAsync(
        transaction =>
        {
            InboxTable.DeleteThrough(transaction, settled);
            return true;
        },
        cancellationToken);

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _pruned < Pruning)
            return;
        _pruned = now;
        DateTime before = now.UtcDateTime - options.Value.IdempotencyWindow;
        await control.WriteAsync(tx => IdempotencyTable.DeleteBefore(tx, before) + ErasedEventTable.DeleteBefore(tx, before), cancellationToken);
    }

    private void Fail(string reason)
    {
        health.Fail(reason);
        queue.Release();
        LogFailure(reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files were not cleaned after an erasure and will be at a later tick: {Reason}")]
    private partial void LogUnclean(string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Rows no longer reach the event store: {Reason} New batches are refused until the server is restarted; what was accepted is safe in the inbox.")]
    private partial void LogFailure(string reason);
}
