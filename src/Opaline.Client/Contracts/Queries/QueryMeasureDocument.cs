namespace Opaline.Client.Contracts;

/// <summary>One measure of a query.</summary>
public sealed record QueryMeasureDocument
{
    /// <summary>
    /// <c>count</c>, <c>sum</c>, <c>mean</c>, <c>distinct_subjects</c>, <c>distinct_values</c>, <c>variance</c>, <c>standard_deviation</c>, <c>quantiles</c>,
    /// <c>histogram</c>; or alone, as a release that later questions take their bounds from, <c>contributions</c> or <c>bounds</c>.
    /// </summary>
    public required string Function { get; init; }

    /// <summary>The measured field, a tokenized one with <c>distinct_values</c> only; absent for <c>distinct_subjects</c> and for the count of rows.</summary>
    public string? Field { get; init; }

    /// <summary>Instead of a field: the measured expression.</summary>
    public QueryExpressionDocument? Expression { get; init; }

    /// <summary>Rows that count; default: all of the query's.</summary>
    public QueryExpressionDocument? Filter { get; init; }

    /// <summary>Its name in the answer; default: function and field.</summary>
    public string? Name { get; init; }

    /// <summary>Tighter bounds; default: the field's.</summary>
    public QueryClampDocument? Clamp { get; init; }

    /// <summary>With <c>quantiles</c>: the ranks, rising, each above 0 and below 1; 0.01 and 0.99 stand for the least and the greatest value.</summary>
    public IReadOnlyList<decimal>? Ranks { get; init; }

    /// <summary>With <c>histogram</c>: the edges that part the range into bins, rising.</summary>
    public IReadOnlyList<decimal>? Edges { get; init; }
}
