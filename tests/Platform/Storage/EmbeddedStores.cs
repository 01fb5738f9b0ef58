using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage;

/// <summary>The stores as a server opens them: embedded, in a folder of their own unless one is given, or on PostgreSQL (<see cref="Engines"/>).</summary>
internal sealed class EmbeddedStores : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ServiceProvider _provider;

    public EmbeddedStores(string? folder = null, TimeProvider? time = null, Action<StorageOptions>? configure = null, ILoggerProvider? log = null)
    {
        _folder = folder is null ? new TemporaryFolder() : null;
        Folder = folder ?? _folder!.Path;
        Url = Engines.Prepare(Folder);
        ServiceCollection services = new();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton<ILoggerFactory, LoggerFactory>();
        if (log is not null)
            services.AddSingleton(log);
        services.AddStorage(o =>
        {
            o.DataFolder = Folder;
            o.Url = Url;
            configure?.Invoke(o);
        });
        _provider = services.BuildServiceProvider();
    }

    public string Folder { get; }

    /// <summary>The database; empty: embedded.</summary>
    public string Url { get; }

    public IServiceProvider Services => _provider;

    public IControlStore Control => _provider.GetRequiredService<IControlStore>();

    public IEventStore Events => _provider.GetRequiredService<IEventStore>();

    public CatalogStore Catalog => _provider.GetRequiredService<CatalogStore>();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _folder?.Dispose();
    }
}
