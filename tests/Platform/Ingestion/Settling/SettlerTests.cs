using Microsoft.Extensions.DependencyInjection;
using Opaline.Catalog;
using Opaline.Ingestion;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Ingestion.Settling;

public sealed class SettlerTests : IAsyncDisposable
{
    private readonly IngestFixture _ingest = new();

    public ValueTask DisposeAsync() => _ingest.DisposeAsync();

    [Fact]
    public async Task Settled_frames_leave_the_inbox()
    {
        await _ingest.SendAsync(IngestFixture.Event());
        await _ingest.SendAsync(IngestFixture.Event());
        Assert.Equal(2, await _ingest.CountAsync());
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
        Assert.Equal(0, _ingest.Services.GetRequiredService<SettlingQueue>().Rows);
    }

    [Fact]
    public async Task Frames_of_a_killed_server_are_settled_by_the_next()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event("ann")},{IngestFixture.Event("bob", metadata: "{\"n\":true}")}]");
        await _ingest.RestartAsync();
        Assert.Equal(2, await _ingest.CountAsync());
        Assert.Equal([null, "true"], await _ingest.ColumnAsync("metadata.n"));
    }

    [Fact]
    public async Task A_kill_between_the_two_commits_doubles_nothing()
    {
        await _ingest.SendAsync($"[{IngestFixture.Event("ann")},{IngestFixture.Event("bob")}]");
        IReadOnlyList<InboxFrame> frames = await _ingest.Control.ReadAsync(c => InboxTable.ReadBatch(c, 0, long.MaxValue, 1_000), IngestFixture.Cancel);
        await _ingest.Events.SettleAsync(frames, IngestFixture.Cancel);
        await _ingest.RestartAsync();
        Assert.Equal(1, await _ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
        await RunAsync(_ingest, async () => await _ingest.SendAsync(IngestFixture.Event("cem")));
        Assert.Equal(3, await _ingest.CountAsync());
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
    }

    [Fact]
    public async Task The_running_settler_publishes_a_tick_through_which_all_is_settled()
    {
        PublicClock clock = _ingest.Services.GetRequiredService<PublicClock>();
        await _ingest.SendAsync(IngestFixture.Event());
        await RunAsync(_ingest, async () =>
        {
            Tick first = await clock.WaitForAsync(1, IngestFixture.Cancel).WaitAsync(TimeSpan.FromSeconds(30), IngestFixture.Cancel);
            Assert.Equal((clock.DueNumber, 1), (first.Number, first.VisibleLsn));
            Assert.Equal(1L, (await _ingest.RowsAsync($"SELECT count(*) FROM {EventTable.Name(_ingest.BuiltIn)} WHERE lsn <= {first.VisibleLsn}"))[0][0]);
            _ingest.Time.Now = _ingest.Time.Now.AddSeconds(10);
            await _ingest.SendAsync(IngestFixture.Event());
            Tick second = await clock.WaitForAsync(first.Number + 1, IngestFixture.Cancel).WaitAsync(TimeSpan.FromSeconds(30), IngestFixture.Cancel);
            Assert.True(second.VisibleLsn is 1 or 2);
        });
    }

    [Fact]
    public async Task A_tick_is_published_only_when_the_windows_that_it_calls_for_are_sealed()
    {
        PublicClock clock = _ingest.Services.GetRequiredService<PublicClock>();
        Dataset visits = await _ingest.DeclareAsync(
            "visits",
            "Europe/Vienna",
            [.. EventsDataset.Declaration(Tenant.Default).Fields.Where(f => f.Role is FieldRole.Subject or FieldRole.Time)]);
        await _ingest.SendAsync($"[{IngestFixture.Event()},{IngestFixture.Event()},{IngestFixture.Event("bob")}]");
        // Rows have ordinals at no time before the tick, and all of them at the tick.
        await _ingest.SettleAsync();
        Assert.Equal([[0L]], await _ingest.RowsAsync($"SELECT count(row_in_window) FROM {EventTable.Name(_ingest.BuiltIn)}"));
        await RunAsync(_ingest, async () =>
        {
            Tick tick = await clock.WaitForAsync(1, IngestFixture.Cancel).WaitAsync(TimeSpan.FromSeconds(30), IngestFixture.Cancel);
            Assert.Equal([[1L], [1L], [2L]], await _ingest.RowsAsync($"SELECT row_in_window FROM {EventTable.Name(_ingest.BuiltIn)} ORDER BY 1"));
            foreach (Dataset dataset in new[] { _ingest.BuiltIn, visits })
            {
                Assert.Equal(
                    TruncationWindow.SealedThrough(dataset, tick.AsOf), await _ingest.Events.SealedThroughAsync(dataset, IngestFixture.Cancel));
            }
        });
        await _ingest.RestartAsync();
        Assert.Equal([[3L]], await _ingest.RowsAsync($"SELECT count(row_in_window) FROM {EventTable.Name(_ingest.BuiltIn)}"));
    }

    [Fact]
    public async Task The_running_settler_drains_at_its_stop()
    {
        await RunAsync(_ingest, async () => await _ingest.SendAsync(IngestFixture.Event()));
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
        Assert.Equal(1L, (await _ingest.RowsAsync($"SELECT count(*) FROM {EventTable.Name(_ingest.BuiltIn)}"))[0][0]);
    }

    [Fact]
    public async Task A_failing_event_store_is_reported_and_no_batch_is_answered_any_more()
    {
        await using IngestFixture ingest = new(services =>
        {
            ServiceDescriptor real = services.Last(d => d.ServiceType == typeof(IEventStore));
            services.AddSingleton<IEventStore>(p => new FailingEventStore((IEventStore)real.ImplementationFactory!(p)));
        });
        SettlingHealth health = ingest.Services.GetRequiredService<SettlingHealth>();
        await ingest.Settler.StartAsync(IngestFixture.Cancel);
        await ingest.SendAsync(IngestFixture.Event());
        for (int i = 0; i < 300 && health.Failure is null; i++)
            await Task.Delay(100, IngestFixture.Cancel);
        Assert.NotNull(health.Failure);
        Assert.DoesNotContain("ann", health.Failure, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageFailureException>(() => ingest.SendAsync(IngestFixture.Event("bob")));
        Assert.Equal(1, await ingest.ScalarAsync("SELECT COUNT(*) FROM inbox"));
        await ingest.Settler.StopAsync(IngestFixture.Cancel);
    }

    [Fact]
    public async Task Batches_wait_while_too_many_rows_are_unsettled()
    {
        await using IngestFixture ingest = new(services => services.Configure<IngestOptions>(o => o.MaxUnsettledRows = 2));
        await ingest.SendAsync($"[{IngestFixture.Event()},{IngestFixture.Event()}]");
        Task<IngestReceipt> waiting = ingest.SendAsync(IngestFixture.Event());
        await Task.Delay(100, IngestFixture.Cancel);
        Assert.False(waiting.IsCompleted);
        await ingest.SettleAsync();
        Assert.Equal(1, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), IngestFixture.Cancel)).Accepted);
    }

    [Fact]
    public async Task Old_idempotency_keys_are_forgotten()
    {
        await _ingest.SendAsync(IngestFixture.Event(), key: "k1");
        _ingest.Time.Now = _ingest.Time.Now.AddDays(8);
        await RunAsync(_ingest, async () =>
        {
            for (int i = 0; i < 300 && await _ingest.ScalarAsync("SELECT COUNT(*) FROM idempotency") > 0; i++)
                await Task.Delay(100, IngestFixture.Cancel);
        });
        Assert.Equal(0, await _ingest.ScalarAsync("SELECT COUNT(*) FROM idempotency"));
    }

    private static async Task RunAsync(IngestFixture ingest, Func<Task> meanwhile)
    {
        await ingest.Settler.StartAsync(IngestFixture.Cancel);
        await meanwhile();
        await ingest.Settler.StopAsync(IngestFixture.Cancel);
    }

    /// <summary>Reads well and cannot settle.</summary>
    private sealed class FailingEventStore(IEventStore real) : IEventStore
    {
        public SqlDialect Dialect => real.Dialect;

        public long AppliedLsn => real.AppliedLsn;

        public Task PrepareAsync(Dataset dataset, CancellationToken cancellationToken) => real.PrepareAsync(dataset, cancellationToken);

        public Task SettleAsync(IReadOnlyList<InboxFrame> frames, CancellationToken cancellationToken) =>
            Task.FromException(new StorageFailureException("The disk is full."));

        public Task SealAsync(Dataset dataset, DateTime asOf, long visibleLsn, CancellationToken cancellationToken) =>
            real.SealAsync(dataset, asOf, visibleLsn, cancellationToken);

        public Task EraseAsync(Dataset dataset, IReadOnlyList<long> subjects, CancellationToken cancellationToken) =>
            real.EraseAsync(dataset, subjects, cancellationToken);

        public Task ScrubAsync(IReadOnlyList<Dataset> datasets, CancellationToken cancellationToken) => real.ScrubAsync(datasets, cancellationToken);

        public Task<DateTime> SealedThroughAsync(Dataset dataset, CancellationToken cancellationToken) => real.SealedThroughAsync(dataset, cancellationToken);

        public Task<IReadOnlyList<object?[]>> AggregateAsync(string sql, IReadOnlyList<object> parameters, CancellationToken cancellationToken) =>
            real.AggregateAsync(sql, parameters, cancellationToken);

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
