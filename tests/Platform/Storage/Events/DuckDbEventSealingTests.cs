using DuckDB.NET.Data;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

public sealed class DuckDbEventSealingTests : EventSealingContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStores _stores = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_of_a_version_without_ordinals_gets_them_in_the_order_of_its_rows()
    {
        Dataset dataset = Datasets.Sample(1);
        using TemporaryFolder folder = new();
        await using (EmbeddedStores stores = await OpenAsync(folder.Path))
        {
            await stores.Events.SettleAsync([Rows.Frame(1, 1, [], Rows.Row(5), Rows.Row(4), Rows.Row(5)), Rows.Frame(2, 1, [], Rows.Row(3), Rows.Row(5))], Token);
        }

        using (DuckDBConnection old = new($"Data Source={folder.File(DuckDbEventStore.FileName)}"))
        {
            await old.OpenAsync(Token);
            using DuckDBCommand command = old.CreateCommand();
            command.CommandText =
                """
                ALTER TABLE dataset_1 DROP COLUMN seq; ALTER TABLE dataset_1 DROP COLUMN row_in_window;
                ALTER TABLE dataset_1 DROP COLUMN group_in_window; ALTER TABLE dataset_1 DROP COLUMN row_in_group;
                DROP TABLE ordinal_seal;
                """;
            await command.ExecuteNonQueryAsync(Token);
        }

        for (int opening = 0; opening < 2; opening++)
        {
            await using EmbeddedStores stores = await OpenAsync(folder.Path);
            await stores.Events.SealAsync(dataset, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), stores.Events.AppliedLsn, Token);
            Assert.Equal(
                [[5L, 1L], [4L, 1L], [5L, 2L], [3L, 1L], [5L, 3L]],
                await stores.Events.AggregateAsync("SELECT subject, row_in_window FROM dataset_1 ORDER BY seq", [], Token));
            Assert.Equal(
                [[EventTable.Sequence(1, 0)], [EventTable.Sequence(1, 1)], [EventTable.Sequence(1, 2)], [EventTable.Sequence(2, 0)], [EventTable.Sequence(2, 1)]],
                await stores.Events.AggregateAsync("SELECT seq FROM dataset_1 ORDER BY seq", [], Token));
        }
    }

    [Fact]
    public async Task A_server_that_is_killed_before_or_after_a_sealing_goes_on_from_what_was_committed()
    {
        Dataset dataset = Datasets.Sample(1);
        using TemporaryFolder before = new();
        using TemporaryFolder after = new();
        using TemporaryFolder folder = new();
        DateTime tick = new(2024, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        await using (EmbeddedStores stores = await OpenAsync(folder.Path))
        {
            await stores.Events.SealAsync(dataset, tick.AddMonths(-1), stores.Events.AppliedLsn, Token);
            await stores.Events.SettleAsync([Rows.Frame(1, 1, [], Rows.Row(5), Rows.Row(4), Rows.Row(5))], Token);
            // What a kill would leave: the files as they lie, nothing folded in.
            Copy(folder, before);
            await stores.Events.SealAsync(dataset, tick, stores.Events.AppliedLsn, Token);
            Copy(folder, after);
        }

        foreach ((TemporaryFolder image, DateTime through) in new[] { (before, new DateTime(2024, 1, 1)), (after, new DateTime(2024, 2, 1)) })
        {
            await using EmbeddedStores stores = await OpenAsync(image.Path);
            Assert.Equal(through, await stores.Events.SealedThroughAsync(dataset, Token));
            const string ordinals = "SELECT row_in_window, group_in_window, row_in_group FROM dataset_1 ORDER BY seq";
            if (image == before)
                Assert.All(await stores.Events.AggregateAsync(ordinals, [], Token), o => Assert.All(o, Assert.Null));
            await stores.Events.SealAsync(dataset, tick, stores.Events.AppliedLsn, Token);
            Assert.Equal([[1L, 1L, 1L], [1L, 1L, 1L], [2L, 1L, 2L]], await stores.Events.AggregateAsync(ordinals, [], Token));
        }
    }

    protected override async Task<IEventStore> OpenAsync()
    {
        _stores = await OpenAsync(_folder.Path);
        return _stores.Events;
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();

    private static void Copy(TemporaryFolder from, TemporaryFolder to)
    {
        Directory.CreateDirectory(to.Path);
        foreach (string name in new[] { "control.db", "control.db-wal", "events.duckdb", "events.duckdb.wal" })
        {
            if (File.Exists(from.File(name)))
                File.Copy(from.File(name), to.File(name));
        }
    }

    // An event store opens only beside an inbox that has seen its frames.
    private static async Task<EmbeddedStores> OpenAsync(string folder)
    {
        EmbeddedStores stores = new(folder);
        while (await stores.Control.ReadAsync(InboxTable.LastLsn, Token) < 10)
            await stores.Control.WriteAsync(tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, RowFrame.Write([], [Rows.Row(1)])), Token);
        return stores;
    }
}
