using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>A measure of a plan.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">Name of the measured field, or null.</param>
/// <param name="Grid">Its grid, or null.</param>
/// <param name="Components">Its integers: centred sum and count for a mean, else one.</param>
/// <param name="HalfWidth">Half the width of the 95 % interval, in steps; null for a mean.</param>
/// <param name="Ratio">Intervals of centred sum over count, which take a while to prepare; null but for a mean.</param>
internal sealed record PlannedMeasure(
    string Name,
    MeasureFunction Function,
    string? Field,
    ValueGrid? Grid,
    ImmutableArray<Component> Components,
    long? HalfWidth,
    Lazy<RatioAccuracy>? Ratio)
{
    /// <summary>What a step of the released integer is worth.</summary>
    public decimal Step => Grid?.Granularity ?? 1m;
}
