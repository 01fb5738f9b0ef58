namespace Opaline.Client.Contracts;

/// <summary>The JSON form of a query, body of <c>POST /analytics/query</c>. What is absent takes the dataset's or the server's default.</summary>
public sealed record QueryDocument
{
    /// <summary>Which dataset. Not together with <see cref="Source"/>; one of the two.</summary>
    public string? Dataset { get; init; }

    /// <summary>Other rows in the place of a dataset's.</summary>
    public QuerySourceDocument? Source { get; init; }

    /// <summary>Its name in a join, by which its fields are told apart; default: the dataset's.</summary>
    public string? As { get; init; }

    /// <summary>Further datasets, joined one after the other.</summary>
    public IReadOnlyList<QueryJoinDocument>? Join { get; init; }

    /// <summary>One row per subject instead of the dataset's rows. At most one of this and the five that follow.</summary>
    public QuerySubjectsDocument? Subjects { get; init; }

    /// <summary>How far subjects went.</summary>
    public QueryFunnelDocument? Funnel { get; init; }

    /// <summary>Who came back.</summary>
    public QueryRetentionDocument? Retention { get; init; }

    /// <summary>Sessions.</summary>
    public QuerySessionsDocument? Sessions { get; init; }

    /// <summary>Active subjects and stickiness.</summary>
    public QueryActiveUsersDocument? ActiveUsers { get; init; }

    /// <summary>What follows what.</summary>
    public QueryPathsDocument? Paths { get; init; }

    /// <summary>What to measure; at least one, but none for a behaviour that answers in its own form.</summary>
    public IReadOnlyList<QueryMeasureDocument>? Measures { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }

    /// <summary>Fields, expressions and at most one period that make the cells.</summary>
    public IReadOnlyList<QueryKeyDocument>? GroupBy { get; init; }

    /// <summary>Start of the half-open range, RFC 3339 or a date in the query's zone.</summary>
    public string? From { get; init; }

    /// <summary>Its end.</summary>
    public string? To { get; init; }

    /// <summary>IANA zone of the periods; default: the dataset's.</summary>
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

    /// <summary>The columns of the answer; default: its keys and measures as they are. What is shown is no part of what is asked and paid.</summary>
    public IReadOnlyList<QueryColumnDocument>? Columns { get; init; }

    /// <summary>A condition on the columns: the rows that are shown.</summary>
    public QueryExpressionDocument? Having { get; init; }

    /// <summary>The order of the rows, by columns.</summary>
    public IReadOnlyList<QueryOrderDocument>? OrderBy { get; init; }

    /// <summary>Most rows that are shown, at least 0; default: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Rows that are left out before the first, at least 0.</summary>
    public int? Offset { get; init; }
}
