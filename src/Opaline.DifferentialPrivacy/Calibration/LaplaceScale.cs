using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The scale of <see cref="DiscreteLaplace"/> noise from the loss that may be spent, from (ε, δ) or from a wanted error, and back: ε =
/// Δ1/s, ρ = ε²/2.
/// </summary>
public static class LaplaceScale
{
    // Bits of the scale that are kept: it is at most 2^-40 above the best one, which is irrational.
    private const int Precision = 40;

    /// <summary>The exact scale s = Δ1/ε of pure ε-differential privacy.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0: the greatest L1 norm of the change that one privacy unit makes.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or ε is not above 0.</exception>
    public static Rational ForPure(BigInteger l1Sensitivity, Rational epsilon)
    {
        Domain.Positive(l1Sensitivity);
        Domain.Positive(epsilon);
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
        Rational square = l1Sensitivity * l1Sensitivity / (2 * rho.Rho);
        long halfLength = (square.Numerator.GetBitLength() - square.Denominator.GetBitLength()) / 2;
        int shift = (int)Math.Max(0, Precision + 1 - halfLength);
        BigInteger scaled = (square * (BigInteger.One << (2 * shift))).Ceiling();
        return new Rational(IntegerRoot.Ceiling(scaled), BigInteger.One << shift);
    }

    /// <summary>The loss (Δ1/s)²/2 of noise of the given scale, rounded up.</summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="scale">s, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity or the scale is not above 0, or the loss is above 9.2·10^9
    /// ρ.</exception>
    public static NanoRho RhoOf(BigInteger l1Sensitivity, Rational scale)
    {
        Domain.Positive(l1Sensitivity);
        Domain.Positive(scale);
        Rational epsilon = l1Sensitivity / scale;
        Domain.Countable(epsilon * epsilon / 2, l1Sensitivity);
        return Zcdp.OfPure(epsilon);
    }

    /// <summary>
    /// The least loss at which the noise of <see cref="For"/> stays within ±<paramref name="absoluteError"/> with the given confidence.
    /// </summary>
    /// <param name="l1Sensitivity">Δ1, above 0.</param>
    /// <param name="absoluteError">The wanted half-width on the integer grid of the statistic, at least 0.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no loss of up to 10^9 ρ reaches the
    /// error.</exception>
    public static NanoRho RhoForError(BigInteger l1Sensitivity, long absoluteError, double confidence)
    {
        Domain.Positive(l1Sensitivity);
        return ErrorTarget.LeastRho(rho => DiscreteLaplace.IfDrawable(For(l1Sensitivity, rho)), absoluteError, confidence);
    }

    /// <summary>
    /// The greatest scale whose noise stays within ±<paramref name="absoluteError"/> with the given confidence, rounded down.
    /// </summary>
    /// <param name="absoluteError">The wanted half-width on the integer grid of the statistic, in [0, 2^62].</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static Rational ForError(long absoluteError, double confidence) =>
        ErrorTarget.GreatestScale(DiscreteLaplace.IfDrawable, absoluteError, confidence);

    /// <summary>
    /// The least scale, rounded up by at most 2^−40 of it, with which one statistic is (<paramref name="epsilon"/>,
    /// <paramref name="delta"/>)-DP; for a δ of 0 that of <see cref="ForPure"/>.
    /// </summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="epsilon">ε, at least 0, above 0 where δ is 0.</param>
    /// <param name="delta">δ in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or no scale of up to 2^112 is enough.</exception>
    public static Rational ForApproximate(BigInteger sensitivity, double epsilon, double delta)
    {
        Domain.Positive(sensitivity);
        Domain.NotNegative(epsilon);
        Domain.Delta(delta);
        if (delta == 0)
            return ForPure(sensitivity, Rational.FromDouble(epsilon));
        return ScaleGrid.Least(scale => DiscreteLaplaceCurve.Delta(sensitivity, scale, epsilon) <= delta)
            ?? throw new ArgumentOutOfRangeException(
                nameof(epsilon), epsilon, "No scale of up to 2^112 is enough: allow a greater ε or δ.");
    }

    /// <summary>
    /// The least δ, rounded up, for which one statistic with noise of the given scale is (<paramref name="epsilon"/>, δ)-DP.
    /// </summary>
    /// <param name="sensitivity">Δ, above 0: the most that one privacy unit changes the statistic.</param>
    /// <param name="scale">s, above 0.</param>
    /// <param name="epsilon">ε, at least 0; from Δ/s on the answer is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static double DeltaOf(BigInteger sensitivity, Rational scale, double epsilon)
    {
        Domain.Positive(sensitivity);
        Domain.Positive(scale);
        Domain.NotNegative(epsilon);
        return DiscreteLaplaceCurve.Delta(sensitivity, scale, epsilon);
    }
}
