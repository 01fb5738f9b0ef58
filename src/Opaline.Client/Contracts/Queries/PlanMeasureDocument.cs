namespace Opaline.Client.Contracts;

/// <summary>One measure of a plan.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Function">
/// <c>count</c>, <c>sum</c>, <c>mean</c>, <c>distinct_subjects</c>, or <c>rate</c> for what a behaviour makes of other values of its answer, at no cost.
/// </param>
/// <param name="Field">The measure field, or absent.</param>
/// <param name="Clamp">Bounds of a value, [lower, upper], or absent.</param>
/// <param name="Granularity">The grid of values; 1 for counts.</param>
/// <param name="NanoRho">What it costs, ρ in units of 1e-9.</param>
/// <param name="Components">The noisy integers that it is made of: two for a mean, else one.</param>
/// <param name="Margin">Half the width of the 95 % interval; absent for a mean, whose interval depends on its noisy count.</param>
public sealed record PlanMeasureDocument(
    string Name,
    string Function,
    string? Field,
    IReadOnlyList<decimal>? Clamp,
    decimal Granularity,
    long NanoRho,
    IReadOnlyList<PlanComponentDocument> Components,
    decimal? Margin);
