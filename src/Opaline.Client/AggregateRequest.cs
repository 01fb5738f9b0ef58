namespace Opaline.Client;

/// <summary>Parameters of <c>GET /analytics/aggregate</c>. What is null takes the dataset's or the server's default.</summary>
/// <param name="Metric">A declared metric, or <c>&lt;action&gt;_count</c>.</param>
public sealed record AggregateRequest(string Metric)
{
    /// <summary><c>hourly</c>, <c>daily</c>, <c>weekly</c> or <c>monthly</c>; null: one figure for the whole range.</summary>
    public string? Period { get; init; }

    /// <summary>Which dataset; null: <c>events</c>.</summary>
    public string? Dataset { get; init; }

    /// <summary>Start of the half-open range, RFC 3339 or a date.</summary>
    public string? From { get; init; }

    /// <summary>Its end.</summary>
    public string? To { get; init; }

    /// <summary>IANA zone of the periods.</summary>
    public string? TimeZone { get; init; }

    /// <summary>A further dimension.</summary>
    public string? GroupBy { get; init; }

    /// <summary>What to spend. Not together with <see cref="Error"/>.</summary>
    public double? Epsilon { get; init; }

    /// <summary>The margin to aim at.</summary>
    public double? Error { get; init; }

    /// <summary>Which release may answer; null: one that is young enough, else a new, charged one.</summary>
    public AskOptions? Options { get; init; }
}
