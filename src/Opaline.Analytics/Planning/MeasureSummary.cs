using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A measure of a plan.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">The measured field, or null.</param>
/// <param name="Clamp">Bounds of a value, or null.</param>
/// <param name="Granularity">The grid of values; 1 for counts.</param>
/// <param name="NanoRho">What it costs, ρ in billionths.</param>
/// <param name="Components">The noisy integers that it is made of: two for a mean, else one.</param>
/// <param name="Margin95">Half the width of the 95 % interval; null for a mean, whose interval depends on its noisy count.</param>
public sealed record MeasureSummary(
    string Name,
    MeasureFunction Function,
    string? Field,
    ClampRange? Clamp,
    decimal Granularity,
    long NanoRho,
    ImmutableArray<ComponentSummary> Components,
    decimal? Margin95);
