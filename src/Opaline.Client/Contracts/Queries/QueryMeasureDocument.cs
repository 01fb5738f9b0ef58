namespace Opaline.Client.Contracts;

/// <summary>One measure of a query.</summary>
public sealed record QueryMeasureDocument
{
    /// <summary><c>count</c>, <c>sum</c>, <c>mean</c>, <c>variance</c>, <c>standard_deviation</c>, <c>quantiles</c>, <c>histogram</c>, <c>distinct_subjects</c> or <c>distinct_values</c>.</summary>
    public required string Function { get; init; }

    /// <summary>The field that is measured; a tokenized one with <c>distinct_values</c> only.</summary>
    public string? Field { get; init; }

    /// <summary>Its name in the answer; default: function and field.</summary>
    public string? Name { get; init; }

    /// <summary>Tighter bounds, [lower, upper]; default: the field's.</summary>
    public IReadOnlyList<decimal>? Clamp { get; init; }

    /// <summary>With <c>quantiles</c>: the ranks, rising, each above 0 and below 1; 0.01 and 0.99 stand for the least and the greatest value.</summary>
    public IReadOnlyList<decimal>? Ranks { get; init; }

    /// <summary>With <c>histogram</c>: the edges that part the range into bins, rising.</summary>
    public IReadOnlyList<decimal>? Edges { get; init; }
}
