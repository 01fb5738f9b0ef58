using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// How released values are shown: post-processing, which costs nothing and tells nothing more. One release serves every presentation of it.
/// </summary>
public sealed record Presentation
{
    /// <summary>The columns; none for all keys and all measures under their own names.</summary>
    public ImmutableArray<AnswerColumn> Columns { get; init; } = [];

    /// <summary>Which rows are shown: a condition on columns, by their names; null for all.</summary>
    public Expression? Having { get; init; }

    /// <summary>Their order; none for the order of keys.</summary>
    public ImmutableArray<AnswerOrder> OrderBy { get; init; } = [];

    /// <summary>How many of them are shown; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>How many are left out first.</summary>
    public int Offset { get; init; }
}
