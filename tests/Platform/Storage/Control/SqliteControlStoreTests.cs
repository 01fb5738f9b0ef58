using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Control;

public sealed class SqliteControlStoreTests : ControlStoreContract
{
    private EmbeddedStores _stores = null!;

    protected override Task<IControlStore> OpenAsync()
    {
        _stores = new EmbeddedStores();
        return Task.FromResult(_stores.Control);
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();
}
