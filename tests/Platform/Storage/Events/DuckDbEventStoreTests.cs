using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

public sealed class DuckDbEventStoreTests : EventStoreContract
{
    private EmbeddedStores _stores = null!;

    protected override string Endless => "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3";

    protected override Task<IEventStore> OpenAsync()
    {
        _stores = new EmbeddedStores();
        return Task.FromResult(_stores.Events);
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();
}
