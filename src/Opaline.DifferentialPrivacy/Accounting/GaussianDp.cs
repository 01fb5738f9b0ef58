namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Gaussian differential privacy: what releases with continuous Gaussian noise give together, exactly. The loss of releases with
/// sensitivities Δᵢ (L2) and standard deviations σᵢ is one amount, μ² = Σ Δᵢ²/σᵢ², an exact rational that is added up
/// (Dong, Roth, Su, Gaussian Differential Privacy, 2019, arXiv 1905.02383, section 3). δ(ε) = Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ) (Balle,
/// Wang, Improving the Gaussian Mechanism for Differential Privacy, 2018, arXiv 1805.06530, theorem 8). All conversions are on the careful
/// side.
/// </summary>
/// <remarks>The discrete Gaussian is not Gaussian-private: its own δ is <see cref="GaussianScale.DeltaOf"/>, its compositions are zCDP or a
/// PLD.</remarks>
public static class GaussianDp
{
    /// <summary>The exact amount Δ2²/σ² of one release; amounts of releases on the same people add.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not above 0.</exception>
    public static Rational SquaredMuOf(Rational squaredL2Sensitivity, Rational sigmaSquared)
    {
        Domain.Positive(squaredL2Sensitivity);
        Domain.Positive(sigmaSquared);
        return squaredL2Sensitivity / sigmaSquared;
    }

    /// <summary>The least δ, rounded up, for which the amount gives (<paramref name="epsilon"/>, δ)-DP.</summary>
    /// <param name="squaredMu">μ², at least 0; for 0 the answer is 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">μ² is negative, or ε is NaN, infinite or negative.</exception>
    public static double DeltaFor(Rational squaredMu, double epsilon)
    {
        Domain.NotNegative(squaredMu);
        Domain.NotNegative(epsilon);
        return squaredMu.Sign == 0 ? 0 : GaussianCurve.Delta(squaredMu.ToDoubleUp(), epsilon);
    }

    /// <summary>The least ε, rounded up, for which the amount gives (ε, <paramref name="delta"/>)-DP.</summary>
    /// <param name="squaredMu">μ², at least 0; for 0 the answer is 0.</param>
    /// <param name="delta">δ in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">μ² is negative, or δ lies outside [1e-300, 1).</exception>
    public static double EpsilonFor(Rational squaredMu, double delta)
    {
        Domain.NotNegative(squaredMu);
        Domain.Alpha(delta);
        if (squaredMu.Sign == 0)
            return 0;
        double squared = squaredMu.ToDoubleUp();
        return DoubleSearch.Least(epsilon => GaussianCurve.Delta(squared, epsilon) <= delta);
    }

    /// <summary>The greatest amount μ², rounded down, that still gives (<paramref name="epsilon"/>, <paramref name="delta"/>)-DP.</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="delta">δ in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is NaN, infinite or negative, or δ lies outside [1e-300, 1).</exception>
    public static Rational SquaredMuFor(double epsilon, double delta)
    {
        Domain.NotNegative(epsilon);
        Domain.Alpha(delta);
        return Rational.FromDouble(DoubleSearch.Greatest(squared => squared == 0 || GaussianCurve.Delta(squared, epsilon) <= delta));
    }

    /// <summary>The concentrated loss ρ = μ²/2, rounded up (Bun and Steinke 2016, proposition 1.6).</summary>
    /// <exception cref="ArgumentOutOfRangeException">μ² is negative, or ρ is above 9.2·10^9.</exception>
    public static NanoRho RhoOf(Rational squaredMu)
    {
        Domain.NotNegative(squaredMu);
        Rational rho = squaredMu / 2;
        Domain.Countable(rho, squaredMu);
        return NanoRho.RoundUp(rho);
    }
}
