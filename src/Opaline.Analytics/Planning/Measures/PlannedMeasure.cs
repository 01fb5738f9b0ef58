using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A measure of a plan.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">Name of the measured field, or null.</param>
/// <param name="Grid">Its grid, or null.</param>
/// <param name="Points">The ranks of quantiles; else empty.</param>
/// <param name="Labels">What tells its numbers apart, one each; empty where it has one number.</param>
/// <param name="Components">Its integers: centred sum and count for a mean, centred squares before them for a variance, else one.</param>
/// <param name="Precision">How its numbers are read from noisy ones.</param>
internal sealed record PlannedMeasure(
    string Name,
    MeasureFunction Function,
    string? Field,
    ValueGrid? Grid,
    ImmutableArray<decimal> Points,
    ImmutableArray<string> Labels,
    ImmutableArray<Component> Components,
    MeasurePrecision Precision)
{
    /// <summary>The names of its numbers in a row, in order.</summary>
    public IEnumerable<string> Columns => MeasureSummary.ColumnsOf(Name, Labels);

    /// <summary>What a step of the released integer is worth.</summary>
    public decimal Step => Function is MeasureFunction.Sum or MeasureFunction.Mean ? Grid!.Granularity : 1m;

    /// <summary>Half the width of the 95 % interval, in steps, where it is the same whatever comes out; else null.</summary>
    public long? HalfWidth => Precision.HalfWidth;
}
