using Microsoft.Extensions.DependencyInjection;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Postgres;

[OnPostgres]
public sealed class PostgresIntakeTests : IAsyncDisposable
{
    private const long DatasetId = 7;

    private readonly TemporaryFolder _folder = new();
    private EmbeddedStores _stores;

    public PostgresIntakeTests() => _stores = new EmbeddedStores(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Table => EventTable.Name(DatasetId);

    private IEventIntake Intake => _stores.Services.GetRequiredService<IEventIntake>();

    [Fact]
    public async Task Rows_are_there_with_the_transaction_and_nothing_waits()
    {
        Assert.Equal(0, await ReceiveAsync(Rows.Row(1), Rows.Row(2)));
        Assert.Equal([[2L]], await AskAsync($"SELECT count(*) FROM {Table}"));
        Assert.Equal(1, _stores.Events.AppliedLsn);
        Assert.Equal(1, await _stores.Control.ReadAsync(InboxTable.LastLsn, Token));
        Assert.Equal(0, await _stores.Control.ReadAsync(InboxTable.WaitingRows, Token));
    }

    [Fact]
    public async Task Rows_go_when_their_transaction_does()
    {
        await ReceiveAsync(Rows.Row(1));
        Func<ControlTransaction, int> store = await Intake.ReceiveAsync(DatasetId, [], [Rows.Row(2)], DateTime.UnixEpoch, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stores.Control.WriteAsync<bool>(
            tx =>
            {
                store(tx);
                throw new InvalidOperationException();
            },
            Token));
        Assert.Equal([[1L]], await AskAsync($"SELECT count(*) FROM {Table}"));
        Assert.Equal(1, _stores.Events.AppliedLsn);
        await ReceiveAsync(Rows.Row(3));
        Assert.Equal([[1L, 1L], [3L, 2L]], await AskAsync($"SELECT subject, lsn FROM {Table} ORDER BY lsn"));
    }

    [Fact]
    public async Task A_key_of_one_subject_never_suppresses_anothers_row()
    {
        await ReceiveAsync(Rows.Row(Rows.Key(1), 1), Rows.Row(Rows.Key(1), 2), Rows.Row(Rows.Key(1), 1));
        await ReceiveAsync(Rows.Row(Rows.Key(1), 2), Rows.Row(Rows.Key(1), 3));
        Assert.Equal([[1L], [2L], [3L]], await AskAsync($"SELECT subject FROM {Table} ORDER BY subject"));
    }

    [Fact]
    public async Task Each_row_has_a_sequence_number_in_the_order_of_commits_and_of_the_batch()
    {
        await ReceiveAsync([.. Enumerable.Range(0, 500).Select(i => Rows.Row(Rows.Key(i), 500 - i))]);
        await ReceiveAsync(Rows.Row(Rows.Key(0), 500), Rows.Row(Rows.Key(1_000), 1_000));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => ReceiveAsync(Rows.Row(2_000 + i), Rows.Row(3_000 + i))));
        IReadOnlyList<object?[]> rows = await AskAsync($"SELECT seq, lsn, subject FROM {Table} ORDER BY seq");
        Assert.Equal(601, rows.Select(r => r[0]).Distinct().Count());
        Assert.Equal(rows.Select(r => (long)r[1]!).Order(), rows.Select(r => (long)r[1]!));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => 500L - i).Append(1_000L), rows.Take(501).Select(r => (long)r[2]!));
        Assert.Equal([[601L]], await AskAsync($"SELECT count(*) FROM {Table} WHERE row_in_window IS NULL AND group_in_window IS NULL AND row_in_group IS NULL"));
    }

    [Fact]
    public async Task A_new_field_gives_way_to_an_aggregation_and_nobodys_write_waits_for_it()
    {
        await ReceiveAsync(Rows.Row(1));
        Task<IReadOnlyList<object?[]>> asking = AskAsync($"SELECT count(*) FROM {Table}, (SELECT pg_sleep(4)) AS s");
        await WaitForLockAsync();
        Task preparing = _stores.Events.PrepareAsync(Datasets.Sample(DatasetId, Datasets.Kept(3, "country")), Token);
        for (int i = 0; i < 10; i++)
            await ReceiveAsync(Rows.Row(10 + i));
        Assert.False(asking.IsCompleted);
        Assert.Equal([[1L]], await asking);
        await preparing;
        Assert.Equal([[0L]], await AskAsync($"SELECT count({EventTable.Column(3)}) FROM {Table}"));
    }

    [Fact]
    public async Task Columns_and_retired_fields_are_found_again_after_a_restart()
    {
        await _stores.Events.PrepareAsync(Datasets.Sample(DatasetId, Datasets.Kept(3, "country")), Token);
        await _stores.Events.PrepareAsync(Datasets.Sample(DatasetId, Datasets.Kept(4, "country")), Token);
        await ReceiveAsync(Rows.Row(1));
        await _stores.DisposeAsync();
        _stores = new EmbeddedStores(_folder.Path);
        Assert.Equal(1, _stores.Events.AppliedLsn);
        FrameColumn[] columns = [new(3, StoredType.Text), new(4, StoredType.Text)];
        Func<ControlTransaction, int> store = await Intake.ReceiveAsync(DatasetId, columns, [Rows.Row(2, "old", "new")], DateTime.UnixEpoch, Token);
        await _stores.Control.WriteAsync(store, Token);
        Assert.Equal([[null], ["new"]], await AskAsync($"SELECT {EventTable.Column(4)} FROM {Table} ORDER BY seq"));
        await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync($"SELECT {EventTable.Column(3)} FROM {Table}"));
    }

    [Fact]
    public async Task A_text_that_has_no_utf8_is_stored_with_its_replacement()
    {
        FrameColumn[] columns = [new(1, StoredType.Text)];
        Func<ControlTransaction, int> store = await Intake.ReceiveAsync(
            DatasetId, columns, [Rows.Row(1, "a\0b"), Rows.Row(2, "c\uD83D"), Rows.Row(3, "\uDC8Ed"), Rows.Row(4, "💎")], DateTime.UnixEpoch, Token);
        await _stores.Control.WriteAsync(store, Token);
        Assert.Equal([["a\uFFFDb"], ["c\uFFFD"], ["\uFFFDd"], ["💎"]], await AskAsync($"SELECT {EventTable.Column(1)} FROM {Table} ORDER BY subject"));
    }

    [Fact]
    public async Task An_aggregation_beyond_its_time_is_given_up()
    {
        await _stores.DisposeAsync();
        _stores = new EmbeddedStores(_folder.Path, configure: o => o.AggregateTimeout = TimeSpan.FromMilliseconds(200));
        StorageFailureException refusal = await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync("SELECT count(*) FROM (SELECT pg_sleep(60)) AS s"));
        Assert.Contains("took longer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([[1L]], await AskAsync("SELECT CAST(1 AS BIGINT)"));
    }

    [Fact]
    public async Task An_aggregation_with_too_many_groups_is_given_up()
    {
        await _stores.DisposeAsync();
        _stores = new EmbeddedStores(_folder.Path, configure: o => o.AggregateRows = 3);
        await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync("SELECT CAST(s AS BIGINT) FROM generate_series(1, 4) AS s"));
        Assert.Equal(3, (await AskAsync("SELECT CAST(s AS BIGINT) FROM generate_series(1, 3) AS s")).Count);
    }

    [Fact]
    public async Task An_aggregation_writes_nothing()
    {
        await ReceiveAsync(Rows.Row(1));
        await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync($"DELETE FROM {Table} RETURNING subject"));
        await Assert.ThrowsAsync<StorageFailureException>(() => AskAsync("SELECT nextval('dataset_7_seq_seq')"));
        Assert.Equal([[1L]], await AskAsync($"SELECT count(*) FROM {Table}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<int> ReceiveAsync(params ProtectedRow[] rows)
    {
        Func<ControlTransaction, int> store = await Intake.ReceiveAsync(DatasetId, [], rows, DateTime.UnixEpoch, Token);
        return await _stores.Control.WriteAsync(store, Token);
    }

    private async Task WaitForLockAsync()
    {
        while ((long)PostgresServer.RunIn(
            _stores.Url, $"SELECT count(*) FROM pg_locks WHERE relation = '{Table}'::regclass AND mode = 'AccessShareLock' AND granted")! == 0)
        {
            await Task.Delay(10, Token);
        }
    }

    private Task<IReadOnlyList<object?[]>> AskAsync(string sql) => _stores.Events.AggregateAsync(sql, [], Token);
}
