namespace Opaline.Client.Contracts;

/// <summary>Consecutive events of a subject. The answer has a row per path, its keys <c>step_1</c>, <c>step_2</c>, …, with <c>subjects</c>.</summary>
public sealed record QueryPathsDocument
{
    /// <summary>The dimension whose values make the path.</summary>
    public required string Field { get; init; }

    /// <summary>2 (default) or 3.</summary>
    public int? Length { get; init; }

    /// <summary>Conditions on events; what they leave out is skipped.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Where { get; init; }
}
