namespace Opaline.Client.Contracts;

/// <summary>A column of the answer as it is shown: a key or a measure by its name, or an expression of released values. It costs nothing.</summary>
public sealed record QueryColumnDocument
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of a key or a measure.</summary>
    public string? Field { get; init; }

    /// <summary>Instead of a field: arithmetic of keys and measures by their names.</summary>
    public QueryExpressionDocument? Expression { get; init; }
}
