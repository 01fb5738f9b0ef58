using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Opaline.Audit;
using Opaline.Detection;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Ingestion;

/// <summary>Adds layer 1.</summary>
public static class IngestionRegistration
{
    /// <summary>
    /// Adds <see cref="IngestPipeline"/> and the settler, a hosted service. Needs storage, audit and vault to be added, and
    /// <see cref="IngestOptions"/> to be bound by the host where the defaults do not serve.
    /// </summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddOptions<IngestOptions>()
            .Validate(o => o.MaxBodyBytes is >= 1_024 and <= 1_000_000_000, "MaxBodyBytes must be 1,024 to 1,000,000,000.")
            .Validate(o => o.MaxEventsPerBatch is >= 1 and <= 1_000_000, "MaxEventsPerBatch must be 1 to 1,000,000.")
            .Validate(o => o.MaxEventBytes >= 1_024, "MaxEventBytes must be at least 1,024.")
            .Validate(o => o.MaxDepth is >= 1 and <= 64, "MaxDepth must be 1 to 64.")
            .Validate(o => o.MaxStringBytes is >= 1 and <= 1_000_000, "MaxStringBytes must be 1 to 1,000,000.")
            .Validate(o => o.MaxPropertiesPerEvent is >= 4 and <= 10_000, "MaxPropertiesPerEvent must be 4 to 10,000.")
            .Validate(o => o.FutureSkew >= TimeSpan.Zero, "FutureSkew must not be negative.")
            .Validate(o => o.MaxUnsettledRows >= 1, "MaxUnsettledRows must be at least 1.")
            .Validate(o => o.IdempotencyWindow > TimeSpan.Zero, "IdempotencyWindow must be above zero.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ValueDetector>();
        services.TryAddSingleton<SettlingHealth>();
        services.TryAddSingleton<SettlingQueue>();
        services.TryAddSingleton<DatasetPlans>();
        services.TryAddSingleton<FieldDiscovery>();
        services.TryAddSingleton(provider => new IngestPipeline(
            provider.GetRequiredService<IControlStore>(),
            provider.GetRequiredService<IEventIntake>(),
            provider.GetRequiredService<Vault>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<IngestOptions>>(),
            provider.GetRequiredService<DatasetPlans>(),
            provider.GetRequiredService<FieldDiscovery>(),
            provider.GetRequiredService<SettlingQueue>(),
            provider.GetRequiredService<SettlingHealth>()));
        services.TryAddSingleton<Settler>();
        services.AddHostedService(provider => provider.GetRequiredService<Settler>());
        return services;
    }
}
