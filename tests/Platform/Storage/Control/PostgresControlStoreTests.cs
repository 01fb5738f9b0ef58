using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Control;

[OnPostgres]
public sealed class PostgresControlStoreTests : ControlStoreContract
{
    private EmbeddedStores _stores = null!;

    protected override Task<IControlStore> OpenAsync()
    {
        _stores = new EmbeddedStores();
        return Task.FromResult(_stores.Control);
    }

    // What is stored between two statements of one query shows only by chance.
    [Fact]
    public async Task A_query_is_a_transaction_of_one_snapshot_that_only_reads() => Assert.Equal(
        ("repeatable read", "on"),
        await Store.QueryAsync(
            "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')",
            [],
            reader => reader.Read() ? (reader.GetString(0), reader.GetString(1)) : default,
            Token));

    [Fact]
    public async Task A_writer_that_is_lost_while_statements_wait_fails_the_store()
    {
        await Assert.ThrowsAsync<StorageFailureException>(() => Store.WriteAsync(
            tx =>
            {
                tx.Enqueue("INSERT INTO idempotency (tenant, source, idempotency_key, body_hash, received_at) VALUES ('t', 's', 'lost', @p0, 0)", new byte[1]);
                PostgresServer.KillWriter(_stores.Url);
                return true;
            },
            Token));
        Assert.True(Store.Failed);
        Assert.Equal(0, await CountAllAsync());
    }

    protected override Task CloseAsync() => _stores?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}
