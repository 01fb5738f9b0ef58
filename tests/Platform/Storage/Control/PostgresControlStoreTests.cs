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

    protected override Task CloseAsync() => _stores?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}
