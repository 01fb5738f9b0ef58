using System.Text;
using Opaline.Platform.Tests.Ingestion;
using Opaline.Platform.Tests.Storage.Control;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

public sealed class DuckDbFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_settling_that_cannot_be_written_applies_nothing_and_is_replayed_after_a_restart()
    {
        await using (EmbeddedStores stores = new(_folder.Path))
        {
            await AppendAsync(stores, 1);
            await ReplayAsync(stores);
            await AppendAsync(stores, 2);
            DiskFault.MakeUnwritable(_folder.File("events.duckdb.wal"));
            DiskFault.MakeUnwritable(_folder.File("events.duckdb"));
            StorageFailureException failure = await Assert.ThrowsAsync<StorageFailureException>(() => ReplayAsync(stores));
            Assert.DoesNotContain(_folder.Path, failure.ToString(), StringComparison.Ordinal);
            Assert.Equal(1, stores.Events.AppliedLsn);
        }

        await using EmbeddedStores again = new(_folder.Path);
        Assert.InRange(again.Events.AppliedLsn, 1, 2);
        await ReplayAsync(again);
        Assert.Equal([[2L, 2L]], await again.Events.AggregateAsync($"SELECT count(*), max(lsn) FROM {EventTable.Name(1)}", [], Token));
    }

    [Fact]
    public async Task A_closing_checkpoint_that_fails_is_logged_and_loses_nothing()
    {
        CapturedLog log = new();
        await using (EmbeddedStores stores = new(_folder.Path, log: log))
        {
            await AppendAsync(stores, 1);
            await ReplayAsync(stores);
            DiskFault.MakeUnwritable(_folder.File("events.duckdb"));
        }

        Assert.Contains("could not fold its log in", Encoding.UTF8.GetString(log.ToUtf8()), StringComparison.Ordinal);
        await using EmbeddedStores again = new(_folder.Path);
        Assert.Equal(1, again.Events.AppliedLsn);
    }

    [Fact]
    public async Task An_aggregation_that_takes_too_long_is_stopped_naming_the_limit()
    {
        await using EmbeddedStores stores = new(_folder.Path, configure: o => o.AggregateTimeout = TimeSpan.FromSeconds(1));
        StorageFailureException failure = await Assert.ThrowsAsync<StorageFailureException>(() => stores.Events.AggregateAsync(
            "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3", [], Token));
        Assert.Contains("1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_aggregation_with_too_many_groups_is_given_up()
    {
        await using EmbeddedStores stores = new(_folder.Path, configure: o => o.AggregateRows = 3);
        await Assert.ThrowsAsync<StorageFailureException>(() => stores.Events.AggregateAsync("SELECT * FROM range(4)", [], Token));
        Assert.Equal(3, (await stores.Events.AggregateAsync("SELECT * FROM range(3)", [], Token)).Count);
    }

    [Fact]
    public async Task Closing_interrupts_what_still_runs_and_refuses_what_comes()
    {
        EmbeddedStores stores = new(_folder.Path);
        IEventStore events = stores.Events;
        IControlStore control = stores.Control;
        Task running = events.AggregateAsync("SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3", [], Token);
        await stores.DisposeAsync();
        await Assert.ThrowsAsync<StorageFailureException>(() => running);
        await Assert.ThrowsAsync<StorageFailureException>(() => events.AggregateAsync("SELECT 1", [], Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => events.SettleAsync([], Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => control.ReadAsync(_ => true, Token));
        await Assert.ThrowsAsync<StorageFailureException>(() => control.WriteAsync(_ => true, Token));
    }

    [Fact]
    public async Task Aggregation_that_is_given_up_as_it_begins_ends()
    {
        EmbeddedStores stores = new(_folder.Path);
        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource given = new();
            Task running = stores.Events.AggregateAsync("SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3", [], given.Token);
            // From before the engine is asked to well after it has begun.
            Thread.SpinWait(i * 200);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        // It waits for all that still run; without an end nothing else would end this test.
        await stores.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<long> AppendAsync(EmbeddedStores stores, int key) => stores.Control.WriteAsync(
        tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, RowFrame.Write([], [Rows.Row(Rows.Key(key), key)])), Token);

    private static async Task ReplayAsync(EmbeddedStores stores) =>
        await stores.Events.SettleAsync(await stores.Control.ReadAsync(c => InboxTable.ReadBatch(c, 0, long.MaxValue, long.MaxValue), Token), Token);
}
