using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The scale of <see cref="DiscreteLaplace"/> noise from the loss that may be spent, and back: ε = Δ1/s, ρ = ε²/2.</summary>
public static class LaplaceScale
{
    private const long NanoPerUnit = 1_000_000_000;

    // Bits of the scale that are kept: a scale is at most 2^-40 above the best one, and stays in the fast 64-bit range of the sampler.
    private const int Precision = 40;

    /// <summary>The exact scale s = Δ1/ε of pure ε-differential privacy.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0: the greatest L1 norm of the change that one privacy unit makes.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or ε is not above 0.</exception>
    public static Rational ForPure(BigInteger l1Sensitivity, Rational epsilon)
    {
        Domain.Positive(l1Sensitivity);
        Domain.Positive(epsilon.Numerator, nameof(epsilon));
        return l1Sensitivity / epsilon;
    }

    /// <summary>A scale s ≥ Δ1/√(2ρ), rounded up by at most 2^−40 of it, whose loss (Δ1/s)²/2 is at most <paramref name="rho"/>.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or the loss is not above 0.</exception>
    public static Rational For(BigInteger l1Sensitivity, NanoRho rho)
    {
        Domain.Positive(l1Sensitivity);
        Domain.Positive(rho);
        Rational square = new(l1Sensitivity * l1Sensitivity * NanoPerUnit, 2 * (BigInteger)rho.Value);
        long halfLength = (square.Numerator.GetBitLength() - square.Denominator.GetBitLength()) / 2;
        int shift = (int)Math.Max(0, Precision + 1 - halfLength);
        BigInteger scaled = (square * (BigInteger.One << (2 * shift))).Ceiling();
        return new Rational(IntegerRoot.Ceiling(scaled), BigInteger.One << shift);
    }

    /// <summary>The loss (Δ1/s)²/2 of noise of the given scale, rounded up.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="scale">s, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or the scale is not above 0, or the loss is above 9.2·10^9 ρ.</exception>
    public static NanoRho RhoOf(BigInteger l1Sensitivity, Rational scale)
    {
        Domain.Positive(l1Sensitivity);
        Domain.Positive(scale.Numerator, nameof(scale));
        Rational epsilon = l1Sensitivity / scale;
        Domain.Countable(epsilon * epsilon / 2, l1Sensitivity);
        return Zcdp.OfPure(epsilon);
    }

    /// <summary>The least loss at which the noise of <see cref="For"/> stays within ±<paramref name="absoluteError"/> with the given confidence.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="absoluteError">The wanted half-width on the integer grid of the statistic, at least 0.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no loss of up to 10^9 ρ reaches the error.</exception>
    public static NanoRho RhoForError(BigInteger l1Sensitivity, long absoluteError, double confidence)
    {
        Domain.Positive(l1Sensitivity);
        return ErrorTarget.LeastRho(rho => DiscreteLaplace.IfDrawable(For(l1Sensitivity, rho)), absoluteError, confidence);
    }
}
