using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Control;

public sealed class CommitFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_commit_reaches_everybody_of_the_group_and_stops_the_store_until_a_restart()
    {
        bool published = false;
        await using (EmbeddedStores stores = new(_folder.Path))
        {
            IControlStore store = stores.Control;
            await store.WriteAsync(tx => Put(tx, "before"), Token);

            using ManualResetEventSlim begun = new();
            using ManualResetEventSlim queued = new();
            Task[] writes =
            [
                Task.Run(() => store.WriteAsync(
                    tx =>
                    {
                        begun.Set();
                        queued.Wait(Token);
                        DiskFault.MakeUnwritable(_folder.File("control.db-wal"));
                        tx.OnCommitted(() => published = true);
                        return Put(tx, "holder");
                    },
                    Token)),
                .. Enumerable.Range(0, 100).Select(i => Task.Run(
                    () =>
                    {
                        begun.Wait(Token);
                        Task<bool> write = store.WriteAsync(tx => Put(tx, $"key-{i}"), Token);
                        if (i == 99)
                            queued.Set();
                        return write;
                    },
                    Token)),
            ];
            foreach (Task write in writes)
                await Assert.ThrowsAsync<StorageFailureException>(() => write);

            Assert.True(store.Failed);
            Assert.False(published);
            StorageFailureException later = await Assert.ThrowsAsync<StorageFailureException>(() => store.WriteAsync(tx => Put(tx, "after"), Token));
            Assert.Contains("restart", later.Message, StringComparison.Ordinal);
            Assert.Equal(1L, await CountAsync(store));
        }

        await using EmbeddedStores again = new(_folder.Path);
        Assert.False(again.Control.Failed);
        Assert.Equal(1L, await CountAsync(again.Control));
        await again.Control.WriteAsync(tx => Put(tx, "after"), Token);
        Assert.Equal(2L, await CountAsync(again.Control));
    }

    [Fact]
    public async Task A_failed_checkpoint_stops_the_store_and_loses_nothing()
    {
        await using (EmbeddedStores stores = new(_folder.Path))
        {
            IControlStore store = stores.Control;
            await store.WriteAsync(tx => Put(tx, "before"), Token);
            DiskFault.MakeUnwritable(_folder.File("control.db"));
            // Enough to make the WAL be folded in, which cannot succeed any more.
            byte[] frame = RowFrame.Write([], [Rows.Row(1) with { Sealed = new byte[6 * 1024 * 1024] }]);
            await store.WriteAsync(tx => InboxTable.Append(tx, 1, DateTime.UnixEpoch, frame), Token);
            await Assert.ThrowsAsync<StorageFailureException>(() => store.WriteAsync(tx => Put(tx, "after"), Token));
            Assert.True(store.Failed);
        }

        await using EmbeddedStores again = new(_folder.Path);
        Assert.Equal(1L, await CountAsync(again.Control));
        Assert.Equal(1L, await again.Control.ReadAsync(InboxTable.LastLsn, Token));
    }

    [Fact]
    public async Task A_catalog_change_whose_commit_failed_is_never_seen()
    {
        await using EmbeddedStores stores = new(_folder.Path);
        CatalogStore catalog = stores.Catalog;
        await Assert.ThrowsAsync<StorageFailureException>(() => stores.Control.WriteAsync(
            tx =>
            {
                DiskFault.MakeUnwritable(_folder.File("control.db-wal"));
                return catalog.Create(tx, EventsDataset.Declaration(Tenant.Default) with { Name = "lost" });
            },
            Token));
        Assert.Null(catalog.Find(Tenant.Default, "lost"));
    }

    public void Dispose() => _folder.Dispose();

    private static bool Put(ControlTransaction transaction, string key) =>
        IdempotencyTable.Remember(transaction, Tenant.Default, "s", key, [1], DateTime.UnixEpoch);

    private static Task<long> CountAsync(IControlStore store) =>
        store.ReadAsync(c => (long)c.Scalar("SELECT COUNT(*) FROM idempotency")!, Token);
}
