namespace Opaline.Client.Contracts;

/// <summary>How private keys are selected, by their distinct units.</summary>
/// <param name="Rule">
/// <c>gaussian_threshold</c>: a key is told if its noisy number of units above the minimum reaches the threshold; <c>truncated_geometric</c>: by an exact coin,
/// whose chances are the greatest that the loss allows.
/// </param>
/// <param name="Threshold">The threshold; absent for coins.</param>
/// <param name="Sigma">Standard deviation of the noise; absent for coins.</param>
/// <param name="MinimumUnits">The dataset's minimum: a key of fewer units is never told, and one of more is judged by those above.</param>
/// <param name="NanoRho">What selection costs by itself; 0 where the measure's own noisy value decides.</param>
/// <param name="Delta">δ of selection.</param>
/// <param name="Odds">The chance with which a key of so many units is told.</param>
public sealed record PlanSelectionDocument(
    string Rule, long? Threshold, double? Sigma, int MinimumUnits, long NanoRho, double Delta, IReadOnlyList<SurvivalOddsDocument> Odds);
