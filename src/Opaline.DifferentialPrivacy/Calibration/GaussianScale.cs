using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The scale of <see cref="DiscreteGaussian"/> noise from the loss that may be spent, and back. Everything is exact: ρ = Δ2²/(2σ²).
/// </summary>
public static class GaussianScale
{
    private const long NanoPerUnit = 1_000_000_000;

    /// <summary>The exact σ² = Δ2²·10^9/(2·nano-ρ) whose loss is <paramref name="rho"/>.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0: the greatest squared L2 norm of the change that one privacy unit makes.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or the loss is not above 0.</exception>
    public static Rational For(BigInteger squaredL2Sensitivity, NanoRho rho)
    {
        Domain.Positive(squaredL2Sensitivity);
        Domain.Positive(rho);
        return new Rational(squaredL2Sensitivity * NanoPerUnit, 2 * (BigInteger)rho.Value);
    }

    /// <summary>The loss Δ2²/(2σ²) of noise of the given σ², rounded up.</summary>
    /// <param name="squaredL2Sensitivity">Δ2², above 0.</param>
    /// <param name="sigmaSquared">σ², above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or σ² is not above 0, or the loss is above 9.2·10^9 ρ.</exception>
    public static NanoRho RhoOf(BigInteger squaredL2Sensitivity, Rational sigmaSquared)
    {
        Domain.Positive(squaredL2Sensitivity);
        Domain.Positive(sigmaSquared.Numerator, nameof(sigmaSquared));
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
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no loss of up to 10^9 ρ reaches the error.</exception>
    public static NanoRho RhoForError(BigInteger squaredL2Sensitivity, long absoluteError, double confidence)
    {
        Domain.Positive(squaredL2Sensitivity);
        return ErrorTarget.LeastRho(rho => DiscreteGaussian.IfDrawable(For(squaredL2Sensitivity, rho)), absoluteError, confidence);
    }
}
