namespace Opaline.Client.Contracts;

/// <summary>One grouping key: a field, an expression or a period.</summary>
public sealed record QueryKeyDocument
{
    /// <summary>A dimension.</summary>
    public string? Field { get; init; }

    /// <summary>An expression.</summary>
    public QueryExpressionDocument? Expression { get; init; }

    /// <summary>Name of a field or an expression in the answer; default: the field's, or the operation's.</summary>
    public string? Name { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c> of the dataset's time.</summary>
    public string? Period { get; init; }
}
