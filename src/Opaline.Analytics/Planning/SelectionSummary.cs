namespace Opaline.Analytics;

/// <summary>How private keys are selected: a key is told if its noisy number of distinct units reaches the threshold.</summary>
/// <param name="Threshold">τ.</param>
/// <param name="Sigma">Standard deviation parameter of the noise.</param>
/// <param name="NanoRho">What selection costs by itself, ρ in billionths; 0 where the measure's own noisy value decides.</param>
/// <param name="Delta">δ of selection.</param>
public sealed record SelectionSummary(long Threshold, double Sigma, long NanoRho, double Delta);
