using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A measure of a plan.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">Name of the measured field, or null.</param>
/// <param name="Grid">Its grid, or null.</param>
/// <param name="Components">Its integers: centred sum and count for a mean, else one.</param>
/// <param name="HalfWidths">For each component: half the width, in its own units, of the interval that its part of the error bar needs.</param>
internal sealed record PlannedMeasure(
    string Name, MeasureFunction Function, string? Field, ValueGrid? Grid, ImmutableArray<Component> Components, ImmutableArray<long> HalfWidths)
{
    /// <summary>What a step of the released integer is worth.</summary>
    public decimal Step => Grid?.Granularity ?? 1m;
}
