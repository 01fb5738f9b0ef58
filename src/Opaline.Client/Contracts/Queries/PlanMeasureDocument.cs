namespace Opaline.Client.Contracts;

/// <summary>One measure of a plan.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Function">
/// <c>count</c>, <c>sum</c>, <c>mean</c>, <c>variance</c>, <c>standard_deviation</c>, <c>quantiles</c>, <c>histogram</c>, <c>distinct_subjects</c> or
/// <c>distinct_values</c>; or <c>rate</c> for what a behaviour makes of other values of its answer, at no cost.
/// </param>
/// <param name="Field">The measure field, or absent.</param>
/// <param name="Clamp">Bounds of a value, [lower, upper], or absent.</param>
/// <param name="Granularity">The grid of values; 1 for counts.</param>
/// <param name="NanoRho">What it costs, ρ in units of 1e-9.</param>
/// <param name="Components">The noisy integers that it is made of: two for a mean, three for a variance, else one.</param>
/// <param name="Margin">Half the width of the 95 % interval; absent for means, variances and quantiles, whose intervals depend on what is released.</param>
/// <param name="Columns">The names of its numbers in every row: its own, or one for each rank or bin.</param>
public sealed record PlanMeasureDocument(
    string Name,
    string Function,
    string? Field,
    IReadOnlyList<decimal>? Clamp,
    decimal Granularity,
    long NanoRho,
    IReadOnlyList<PlanComponentDocument> Components,
    decimal? Margin,
    IReadOnlyList<string> Columns);
