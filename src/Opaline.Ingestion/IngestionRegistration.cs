using Microsoft.Extensions.DependencyInjection;

namespace Opaline.Ingestion;

/// <summary>Adds layer 1.</summary>
public static class IngestionRegistration
{
    /// <summary>
    /// Adds <see cref="IngestPipeline"/> and the settler. Needs storage, audit, vault and detection to be added, and
    /// <see cref="IngestOptions"/> to be bound by the host where the defaults do not serve.
    /// </summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddOptions<IngestOptions>();
        services.AddSingleton<SettlingHealth>();
        services.AddSingleton<IngestPipeline>();
        return services;
    }
}
