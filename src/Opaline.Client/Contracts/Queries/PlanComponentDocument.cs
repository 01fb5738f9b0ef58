namespace Opaline.Client.Contracts;

/// <summary>A noisy integer of a plan, in units of the measure's grid. Sensitivities are integers of any size, written as text.</summary>
/// <param name="Name"><c>count</c>, <c>sum</c>, <c>centred_sum</c>, <c>centred_squares</c>, <c>units</c>, <c>subjects</c>, <c>distinct_values</c>, <c>histogram</c> or <c>tree</c>.</param>
/// <param name="Groups">The most cells that one unit changes, the bins of a cell counting as one on each level of their tree.</param>
/// <param name="MaxChange">The most that it changes in one of them.</param>
/// <param name="L1Sensitivity">Δ1.</param>
/// <param name="SquaredL2Sensitivity">Δ2².</param>
/// <param name="SigmaSquared">σ² of the discrete Gaussian as an exact fraction, or the scale of the discrete Laplace.</param>
/// <param name="Sigma">σ of the discrete Gaussian, or the scale of the discrete Laplace.</param>
/// <param name="NanoRho">What it costs, ρ in units of 1e-9.</param>
public sealed record PlanComponentDocument(
    string Name,
    long Groups,
    string MaxChange,
    string L1Sensitivity,
    string SquaredL2Sensitivity,
    string SigmaSquared,
    double Sigma,
    long NanoRho);
