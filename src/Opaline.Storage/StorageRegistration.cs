using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Opaline.Storage;

/// <summary>Adds the stores: embedded, or in PostgreSQL where <see cref="StorageOptions.Url"/> names a database.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds <see cref="IControlStore"/>, <see cref="IEventStore"/>, <see cref="IEventIntake"/>, <see cref="CatalogStore"/>,
    /// <see cref="PublicClock"/> and a scoped, reading <see cref="ControlContext"/>. The stores open when they are first asked for and refuse
    /// damaged files then: resolve <see cref="IEventStore"/> before serving.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions>? configure = null)
    {
        services.AddOptions<StorageOptions>()
            .Validate(o => !string.IsNullOrWhiteSpace(o.DataFolder), "Opaline:Storage:DataFolder must name a folder.")
            .Validate(o => o.TickSeconds is >= 1 and <= 3_600, "Opaline:Storage:TickSeconds must be 1 to 3,600.")
            .Validate(o => o.Url.Length == 0 || PostgresUrl.Fault(o.Url) is null, "Opaline:Storage:Url must name a PostgreSQL database.")
            .Validate(o => o.Url.Length == 0 || !o.EncryptEvents, "Opaline:Storage:EncryptEvents is for embedded storage; encrypt the disk of the PostgreSQL server.");
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PublicClock>();
        services.TryAddSingleton(provider => SqliteOpening.Open(Options(provider), provider.GetRequiredService<TimeProvider>(), Log(provider)));
        services.TryAddSingleton(provider => PostgresOpening.Open(Options(provider), provider.GetRequiredService<TimeProvider>(), Log(provider)));
        services.TryAddSingleton<IControlStore>(provider => Postgres(provider)?.Control ?? (IControlStore)provider.GetRequiredService<SqliteControlStore>());
        services.TryAddSingleton(provider => Postgres(provider) is { } stores
            ? stores.Control.Readers.Read(CatalogStore.Load)
            : provider.GetRequiredService<SqliteControlStore>().Read(CatalogStore.Load));
        services.TryAddSingleton<IEventStore>(provider => Postgres(provider)?.Events ?? DuckDbOpening.Open(
            provider.GetRequiredService<SqliteControlStore>(),
            provider.GetRequiredService<CatalogStore>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            Log(provider)));
        services.TryAddSingleton<IEventIntake>(provider => Postgres(provider)?.Events ?? (IEventIntake)new InboxIntake());
        // No logger: EF writes the engine's texts.
        services.AddDbContext<ControlContext>((provider, builder) =>
        {
            builder.UseLoggerFactory(NullLoggerFactory.Instance);
            if (Postgres(provider) is { } stores)
                builder.UseNpgsql(stores.Control.Readers.Source);
            else
                builder.UseSqlite(SqliteConnections.ReadOnly(provider.GetRequiredService<SqliteControlStore>().FilePath));
        });
        return services;
    }

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static ILogger Log(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger("Opaline.Storage");

    private static PostgresStores? Postgres(IServiceProvider provider) =>
        Options(provider).Url.Length > 0 ? provider.GetRequiredService<PostgresStores>() : null;
}
