using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Calibration of continuous Gaussian noise to (ε, δ), tight: the least σ at all (Balle, Wang, Improving the Gaussian Mechanism for
/// Differential Privacy, 2018, arXiv 1805.06530, theorem 8 and algorithm 1). The library draws discrete noise only, whose calibration is
/// <see cref="GaussianScale"/>; this one serves comparisons and noise that others draw.
/// </summary>
public static class AnalyticGaussian
{
    /// <summary>The least σ², rounded up, that is (<paramref name="epsilon"/>, <paramref name="delta"/>)-DP.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="delta">δ in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static Rational For(BigInteger squaredL2Sensitivity, double epsilon, double delta)
    {
        Domain.Positive(squaredL2Sensitivity);
        return squaredL2Sensitivity / GaussianDp.SquaredMuFor(epsilon, delta);
    }

    /// <summary>The least δ, rounded up, for which noise of the given σ² is (<paramref name="epsilon"/>, δ)-DP.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static double DeltaOf(BigInteger squaredL2Sensitivity, Rational sigmaSquared, double epsilon) =>
        GaussianDp.DeltaFor(GaussianDp.SquaredMuOf(squaredL2Sensitivity, sigmaSquared), epsilon);
}
