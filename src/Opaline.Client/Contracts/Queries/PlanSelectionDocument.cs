namespace Opaline.Client.Contracts;

/// <summary>How private keys are selected: a key is told if its noisy number of distinct units reaches the threshold.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="Sigma">Standard deviation of the noise.</param>
/// <param name="NanoRho">What selection costs by itself; 0 where the measure's own noisy value decides.</param>
/// <param name="Delta">δ of selection.</param>
public sealed record PlanSelectionDocument(long Threshold, double Sigma, long NanoRho, double Delta);
