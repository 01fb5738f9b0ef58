namespace Opaline.Client.Contracts;

/// <summary>A question in SQL, body of <c>POST /analytics/query</c>. What is absent takes the dataset's or the server's default.</summary>
public sealed record SqlQueryDocument
{
    /// <summary>One SELECT, at most 64 KB of UTF-8.</summary>
    public required string Sql { get; init; }

    /// <summary>IANA zone of dates and periods; default: the dataset's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Contribution bounds.</summary>
    public QueryContributionDocument? Contribution { get; init; }

    /// <summary>What to spend. Not together with <see cref="Error"/>.</summary>
    public double? Epsilon { get; init; }

    /// <summary>How exact the answer is to be; the price follows.</summary>
    public QueryErrorTargetDocument? Error { get; init; }

    /// <summary>The δ of the (ε, δ) in which the cost is told.</summary>
    public double? Delta { get; init; }

    /// <summary><c>discrete_gaussian</c> (default) or <c>discrete_laplace</c>.</summary>
    public string? Mechanism { get; init; }
}
