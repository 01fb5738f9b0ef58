using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>One number per row of the answer; several for <see cref="MeasureFunction.Quantiles"/> and <see cref="MeasureFunction.Histogram"/>.</summary>
/// <param name="Function">What is computed.</param>
/// <param name="Argument">The measured expression; null for <see cref="MeasureFunction.DistinctSubjects"/> and for the count of rows.</param>
/// <param name="Name">Name in the answer; null for one made of function and field.</param>
/// <param name="Clamp">Public bounds of a value, within the expression's own; null for those.</param>
public sealed record Measure(MeasureFunction Function, Expression? Argument = null, string? Name = null, ClampRange? Clamp = null)
{
    /// <summary>Rows that count; null for all of the query's.</summary>
    public Expression? Filter { get; init; }

    /// <summary>Id of an earlier release of <see cref="MeasureFunction.Bounds"/> whose proposal is the clamp; null for none.</summary>
    public string? ClampRelease { get; init; }

    /// <summary>
    /// For <see cref="MeasureFunction.Quantiles"/> the ranks, each above 0 and below 1; for <see cref="MeasureFunction.Histogram"/> the edges of its bins,
    /// ascending; else empty.
    /// </summary>
    public ImmutableArray<decimal> Points { get; init; } = [];
}
