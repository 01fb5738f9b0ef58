using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>How private keys are selected, by their distinct units.</summary>
/// <param name="Rule">
/// <c>gaussian_threshold</c>: a key is told if its noisy number of units above the minimum reaches the threshold; <c>truncated_geometric</c>: by an exact coin,
/// whose chances are the greatest that the loss allows.
/// </param>
/// <param name="Threshold">τ; null without a threshold.</param>
/// <param name="Sigma">Standard deviation parameter of the noise; null without a threshold.</param>
/// <param name="MinimumUnits">The dataset's minimum frequency m: a key of fewer units is never told, and one of n is judged as if it had n − (m − 1).</param>
/// <param name="NanoRho">What selection costs by itself, ρ in billionths; 0 where the measure's own noisy value decides.</param>
/// <param name="Delta">δ of selection.</param>
/// <param name="Odds">The chance with which a key of so many units is told.</param>
public sealed record SelectionSummary(
    string Rule, long? Threshold, double? Sigma, int MinimumUnits, long NanoRho, double Delta, ImmutableArray<SurvivalOdds> Odds);
