namespace Opaline.Analytics;

/// <summary>A column that SQL can name.</summary>
/// <param name="Table">Name of its table in FROM; null if it has none.</param>
/// <param name="Name">Its own name; empty if it has none.</param>
/// <param name="Value">What it stands for, in fields of the source.</param>
internal sealed record SqlColumn(string? Table, string Name, Expression Value)
{
    /// <summary>Why nothing is asked of it; null where something can be.</summary>
    public (string Code, string Detail)? Refusal { get; init; }

    /// <summary>Whether USING made it one with a column of the first side, so that it is named with its table only.</summary>
    public bool Merged { get; init; }
}
