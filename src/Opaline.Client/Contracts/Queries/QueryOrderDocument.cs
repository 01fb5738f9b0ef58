namespace Opaline.Client.Contracts;

/// <summary>What the rows of the answer are ordered by.</summary>
public sealed record QueryOrderDocument
{
    /// <summary>Name of a column of the answer.</summary>
    public required string Column { get; init; }

    /// <summary>Whether the greatest comes first; default: the least.</summary>
    public bool? Descending { get; init; }
}
