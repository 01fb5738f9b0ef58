using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A measure before it is priced.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">Name of the measured field; null for none and for an expression.</param>
/// <param name="Grid">The grid of its values, or null.</param>
/// <param name="Points">The ranks of quantiles; else empty.</param>
/// <param name="Labels">What tells its numbers apart, one each; empty where it has one number.</param>
/// <param name="Components">Its integers and what one unit can change in them.</param>
internal sealed record MeasureDraft(
    string Name,
    MeasureFunction Function,
    string? Field,
    ValueGrid? Grid,
    ImmutableArray<decimal> Points,
    ImmutableArray<string> Labels,
    ImmutableArray<(ComponentShape Shape, Sensitivity Sensitivity)> Components)
{
    /// <summary>The names of its numbers in a row of the answer.</summary>
    public IEnumerable<string> Columns => MeasureSummary.ColumnsOf(Name, Labels);
}
