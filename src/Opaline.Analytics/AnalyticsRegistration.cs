using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Opaline.Audit;
using Opaline.DifferentialPrivacy;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Adds layer 2.</summary>
public static class AnalyticsRegistration
{
    // The plans in use have few scales. A shelf holds the noise of a release with the most cells: 80 kB, together at most 5 MB.
    private const int PooledLaws = 64;

    /// <summary>
    /// Adds <see cref="QueryService"/>, <see cref="LiveCounters"/>, <see cref="MetricQueries"/>, <see cref="SqlQueries"/> and <see cref="BudgetService"/>. Needs
    /// storage and audit to be added too.
    /// </summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services, Action<AnalyticsOptions>? configure = null)
    {
        services.AddOptions<AnalyticsOptions>()
            .Validate(o => QueryLimits.IsDefaultEpsilon(o.DefaultEpsilon), "Opaline:Privacy:DefaultEpsilon must be 0.000001 to 20.")
            .Validate(o => QueryLimits.IsDelta(o.DefaultDelta), "Opaline:Privacy:DefaultDelta must be 1e-15 to 1e-3.")
            .Validate(o => o.ReleaseClock >= TimeSpan.Zero && o.ReleaseClock <= TimeSpan.FromMinutes(1), "The release clock must be 0 to 60 seconds.");
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new NoisePool(PooledLaws, QueryLimits.MaxCells));
        services.TryAddSingleton<QueryPlanner>();
        services.TryAddSingleton<Accounts>();
        services.TryAddSingleton<BudgetFeed>();
        services.TryAddSingleton<Ledger>();
        services.TryAddSingleton(provider => new MetricQueries(
            provider.GetRequiredService<CatalogStore>(), provider.GetRequiredService<PublicClock>()));
        services.TryAddSingleton<SqlParser>();
        services.TryAddSingleton(provider => new SqlQueries(
            provider.GetRequiredService<CatalogStore>(), provider.GetRequiredService<SqlParser>()));
        services.TryAddSingleton(provider => new BudgetService(
            provider.GetRequiredService<IControlStore>(),
            provider.GetRequiredService<CatalogStore>(),
            provider.GetRequiredService<PublicClock>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<Accounts>(),
            provider.GetRequiredService<Ledger>(),
            provider.GetRequiredService<BudgetFeed>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<NoiseDraw>(provider =>
        {
            NoisePool pool = provider.GetRequiredService<NoisePool>();
            return (scale, noise) => pool.Take(scale.Law, noise);
        });
        services.TryAddSingleton<SummedNoise>();
        services.TryAddSingleton<ReleaseMemory>();
        services.TryAddSingleton<ReleaseClock>();
        services.TryAddSingleton<SingleFlight>();
        services.TryAddSingleton<ReleaseFinder>();
        services.TryAddSingleton<Releaser>();
        services.TryAddSingleton(Queries);
        services.TryAddSingleton(Live);
        return services;
    }

    private static QueryService Queries(IServiceProvider provider) => new(
        provider.GetRequiredService<QueryPlanner>(),
        provider.GetRequiredService<Ledger>(),
        provider.GetRequiredService<PublicClock>(),
        provider.GetRequiredService<AuditLog>(),
        provider.GetRequiredService<ReleaseClock>(),
        provider.GetRequiredService<SingleFlight>(),
        provider.GetRequiredService<ReleaseFinder>(),
        provider.GetRequiredService<Releaser>(),
        provider.GetRequiredService<SummedNoise>());

    private static LiveCounters Live(IServiceProvider provider) => new(
        provider.GetRequiredService<QueryPlanner>(),
        provider.GetRequiredService<Ledger>(),
        provider.GetRequiredService<IControlStore>(),
        provider.GetRequiredService<IEventStore>(),
        provider.GetRequiredService<PublicClock>(),
        provider.GetRequiredService<AuditLog>(),
        provider.GetRequiredService<ReleaseClock>(),
        provider.GetRequiredService<SingleFlight>(),
        provider.GetRequiredService<NoiseDraw>());
}
