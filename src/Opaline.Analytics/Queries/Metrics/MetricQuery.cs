namespace Opaline.Analytics;

/// <summary>A metric turned into a query.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Query">The query.</param>
/// <param name="ListedForViewers">Whether a Viewer may read its released answers.</param>
/// <param name="BrokenDown">Whether the request has keys, other than a period, that the metric itself does not have: what is listed is the metric, not its breakdowns.</param>
public sealed record MetricQuery(string Name, Query Query, bool ListedForViewers, bool BrokenDown = false);
