using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Opaline.Storage;

/// <summary>Adds the embedded stores.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds <see cref="IControlStore"/>, <see cref="IEventStore"/>, <see cref="CatalogStore"/>, <see cref="PublicClock"/> and a scoped,
    /// reading <see cref="ControlContext"/>. The stores open when they are first asked for and refuse damaged files then:
    /// resolve <see cref="IEventStore"/> before serving.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions>? configure = null)
    {
        services.AddOptions<StorageOptions>()
            .Validate(o => !string.IsNullOrWhiteSpace(o.DataFolder), "Opaline:Storage:DataFolder must name a folder.")
            .Validate(o => o.TickSeconds is >= 1 and <= 3_600, "Opaline:Storage:TickSeconds must be 1 to 3,600.");
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PublicClock>();
        services.TryAddSingleton(provider => SqliteOpening.Open(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Opaline.Storage")));
        services.TryAddSingleton<IControlStore>(provider => provider.GetRequiredService<SqliteControlStore>());
        services.TryAddSingleton(provider => provider.GetRequiredService<SqliteControlStore>().Read(CatalogStore.Load));
        services.TryAddSingleton<IEventStore>(provider => DuckDbOpening.Open(
            provider.GetRequiredService<SqliteControlStore>(),
            provider.GetRequiredService<CatalogStore>(),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Opaline.Storage")));
        // No logger: EF writes the engine's texts.
        services.AddDbContext<ControlContext>((provider, builder) => builder
            .UseSqlite(SqliteConnections.ReadOnly(provider.GetRequiredService<SqliteControlStore>().FilePath))
            .UseLoggerFactory(NullLoggerFactory.Instance));
        return services;
    }
}
