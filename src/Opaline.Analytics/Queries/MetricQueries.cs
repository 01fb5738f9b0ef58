#pragma warning disable CA1822
using Opaline.Access;

namespace Opaline.Analytics;

/// <summary>Turns the parameters of the aggregate endpoint into a query.</summary>
public sealed class MetricQueries
{
    /// <summary>The query of a metric.</summary>
    /// <exception cref="QueryRefusedException">A parameter is no good; <see cref="QueryRefusedException.Path"/> is its name.</exception>
    public MetricQuery Build(Caller caller, MetricRequest request) =>
        throw new QueryRefusedException(RefusalCodes.InvalidMetric, "Not served yet.", "metric");
}
