using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

[OnPostgres]
public sealed class PostgresEventStoreTests : EventStoreContract
{
    private EmbeddedStores _stores = null!;

    protected override string Endless =>
        "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000000) b WHERE (a::bigint * b) % 7 = 3";

    protected override Task<IEventStore> OpenAsync()
    {
        _stores = new EmbeddedStores();
        return Task.FromResult(_stores.Events);
    }

    protected override Task CloseAsync() => _stores?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}
