using System.Numerics;

namespace Opaline.Analytics;

/// <summary>A noisy integer, in units of the grid.</summary>
/// <param name="Name"><c>count</c>, <c>sum</c>, <c>centred_sum</c>, <c>centred_squares</c>, <c>units</c>, <c>subjects</c>, <c>distinct_values</c>, <c>histogram</c> or <c>tree</c>.</param>
/// <param name="Groups">L0: the most cells that one unit changes, the bins of a cell counting as one on each level of their tree.</param>
/// <param name="MaxChange">Δ∞: the most that one unit changes in one cell.</param>
/// <param name="L1Sensitivity">Δ1.</param>
/// <param name="SquaredL2Sensitivity">Δ2².</param>
/// <param name="SigmaSquared">σ² of the discrete Gaussian as an exact fraction, or the scale of the discrete Laplace.</param>
/// <param name="Sigma">σ of the discrete Gaussian, or the scale of the discrete Laplace.</param>
/// <param name="NanoRho">What it costs, ρ in billionths; 0 where an earlier measure has the same integer, which is then the same noisy one and paid there.</param>
public sealed record ComponentSummary(
    string Name,
    long Groups,
    BigInteger MaxChange,
    BigInteger L1Sensitivity,
    BigInteger SquaredL2Sensitivity,
    string SigmaSquared,
    double Sigma,
    long NanoRho);
