namespace Opaline.Analytics;

/// <summary>The parameters of <c>GET /api/v1/analytics/aggregate</c> as they came.</summary>
public sealed record MetricRequest
{
    /// <summary>A declared metric of the dataset, or <c>&lt;action&gt;_count</c> on <c>events</c>.</summary>
    public string? Metric { get; init; }

    /// <summary><c>hourly</c>, <c>daily</c>, <c>weekly</c>, <c>monthly</c>, or <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>; null for none.</summary>
    public string? Period { get; init; }

    /// <summary>The dataset; null for <c>events</c>.</summary>
    public string? Dataset { get; init; }

    /// <summary>A date or an RFC 3339 instant; null for the public default range.</summary>
    public string? From { get; init; }

    /// <summary>A date or an RFC 3339 instant, exclusive; null for the public default range.</summary>
    public string? To { get; init; }

    /// <summary>IANA zone; null for the dataset's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Dimensions, separated by commas; null for none.</summary>
    public string? GroupBy { get; init; }

    /// <summary>ε; null for the configured default.</summary>
    public string? Epsilon { get; init; }

    /// <summary>Absolute error at 95 % instead of ε; null for none.</summary>
    public string? Error { get; init; }
}
