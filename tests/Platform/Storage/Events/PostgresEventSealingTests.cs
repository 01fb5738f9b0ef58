using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage.Events;

[OnPostgres]
public sealed class PostgresEventSealingTests : EventSealingContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStores _stores = null!;

    public void Dispose() => _folder.Dispose();

    protected override Task<IEventStore> OpenAsync()
    {
        _stores = new EmbeddedStores(_folder.Path);
        // Closed with the rest only if it was asked for.
        _ = _stores.Control;
        return Task.FromResult(_stores.Events);
    }

    protected override Task CloseAsync() => _stores.DisposeAsync().AsTask();
}
