namespace Opaline.Client.Contracts;

/// <summary>A bounded number about a subject.</summary>
public sealed record QuerySubjectValueDocument
{
    /// <summary>Its name as a field.</summary>
    public required string Name { get; init; }

    /// <summary><c>count</c>, <c>distinct_values</c>, <c>sum</c>, <c>least</c> or <c>greatest</c>.</summary>
    public required string Function { get; init; }

    /// <summary>Of which field; absent for a count of rows.</summary>
    public string? Field { get; init; }

    /// <summary>Instead of a field: of which expression.</summary>
    public QueryExpressionDocument? Expression { get; init; }

    /// <summary>Public bounds, [lower, upper]. A count or a sum without them is compared and grouped by, and only added up within <c>least</c> and <c>greatest</c>.</summary>
    public IReadOnlyList<decimal>? Clamp { get; init; }

    /// <summary>Rows that count; default: all.</summary>
    public QueryExpressionDocument? Filter { get; init; }
}
