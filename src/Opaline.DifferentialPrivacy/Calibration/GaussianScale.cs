using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The scale of <see cref="DiscreteGaussian"/> noise from the loss that may be spent, from (ε, δ) or from a wanted error, and back. The
/// concentrated loss is exact: ρ = Δ2²/(2σ²); for one statistic of integer sensitivity so is δ(ε), up to 2^−38 of the greater of its two
/// tails.
/// </summary>
public static class GaussianScale
{
    /// <summary>The exact σ² = Δ2²/(2ρ) whose loss is <paramref name="rho"/>.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0: the greatest squared L2 norm of the change that one privacy unit makes.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or the loss is not above 0.</exception>
    public static Rational For(BigInteger squaredL2Sensitivity, NanoRho rho)
    {
        Domain.Positive(squaredL2Sensitivity);
        Domain.Positive(rho);
        return squaredL2Sensitivity / (2 * rho.Rho);
    }

    /// <summary>The loss Δ2²/(2σ²) of noise of the given σ², rounded up.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or σ² is not above 0, or the loss is above 9.2·10^9 ρ.</exception>
    public static NanoRho RhoOf(BigInteger squaredL2Sensitivity, Rational sigmaSquared)
    {
        Domain.Positive(squaredL2Sensitivity);
        Domain.Positive(sigmaSquared);
        Rational rho = squaredL2Sensitivity / (2 * sigmaSquared);
        Domain.Countable(rho, squaredL2Sensitivity);
        return NanoRho.RoundUp(rho);
    }

    /// <summary>
    /// The least loss at which the noise stays within ±<paramref name="absoluteError"/> with the given confidence: the least nano-ρ with
    /// HalfWidth(1 − confidence) ≤ absoluteError.
    /// </summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="absoluteError">The wanted half-width on the integer grid of the statistic, at least 0.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no loss of up to 10^9 ρ reaches the
    /// error.</exception>
    public static NanoRho RhoForError(BigInteger squaredL2Sensitivity, long absoluteError, double confidence)
    {
        Domain.Positive(squaredL2Sensitivity);
        return ErrorTarget.LeastRho(rho => DiscreteGaussian.IfDrawable(For(squaredL2Sensitivity, rho)), absoluteError, confidence);
    }

    /// <summary>
    /// The greatest σ² whose noise stays within ±<paramref name="absoluteError"/> with the given confidence, rounded down.
    /// </summary>
    /// <param name="absoluteError">The wanted half-width on the integer grid of the statistic, in [0, 2^62].</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static Rational ForError(long absoluteError, double confidence) =>
        ErrorTarget.GreatestScale(DiscreteGaussian.IfDrawable, absoluteError, confidence);

    /// <summary>
    /// The least σ², rounded up by at most 2^−40 of it, with which one statistic is (<paramref name="epsilon"/>,
    /// <paramref name="delta"/>)-DP.
    /// </summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic; for a vector go by way of ρ.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="delta">δ in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no σ² of up to 2^112 is enough.</exception>
    public static Rational ForApproximate(BigInteger sensitivity, double epsilon, double delta)
    {
        Domain.Positive(sensitivity);
        Domain.NotNegative(epsilon);
        Domain.Alpha(delta);
        return ScaleGrid.Least(sigmaSquared => DiscreteGaussianCurve.Delta(sensitivity, sigmaSquared, epsilon) <= delta)
            ?? throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "No σ² of up to 2^112 is enough: allow a greater ε or δ.");
    }

    /// <summary>
    /// The least δ, rounded up, for which one statistic with noise of the given σ² is (<paramref name="epsilon"/>, δ)-DP.
    /// </summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static double DeltaOf(BigInteger sensitivity, Rational sigmaSquared, double epsilon)
    {
        Domain.Positive(sensitivity);
        Domain.Positive(sigmaSquared);
        Domain.NotNegative(epsilon);
        return DiscreteGaussianCurve.Delta(sensitivity, sigmaSquared, epsilon);
    }

    /// <summary>The least ε, rounded up, for which one statistic with noise of the given σ² is (ε, <paramref name="delta"/>)-DP.</summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <param name="delta">δ in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static double EpsilonOf(BigInteger sensitivity, Rational sigmaSquared, double delta)
    {
        Domain.Positive(sensitivity);
        Domain.Positive(sigmaSquared);
        Domain.Alpha(delta);
        return DoubleSearch.Least(epsilon => DiscreteGaussianCurve.Delta(sensitivity, sigmaSquared, epsilon) <= delta);
    }
}
