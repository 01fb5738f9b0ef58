using Microsoft.Extensions.DependencyInjection;

namespace Opaline.Analytics;

/// <summary>Adds layer 2.</summary>
public static class AnalyticsRegistration
{
    /// <summary>Adds <see cref="QueryService"/>, <see cref="MetricQueries"/> and <see cref="BudgetService"/>. Needs storage and audit to be added too.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services) => services
        .AddSingleton<MetricQueries>()
        .AddSingleton<QueryService>()
        .AddSingleton<BudgetService>();
}
