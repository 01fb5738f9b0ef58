using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The noise of each sum of a stream. The private release is v = F·x + z, integers. Solving F·w = v from above in fixed point, with
/// w_t = ⌊(v_t·2^q − Σ_(k≥1) F_k·w_(t−k))/2^p⌋ in units of 2^-q, gives the increments, and the sum told is Σw rounded: computed from v
/// alone. Now put w_t = x_t·2^q + r_t: since F₀ = 2^p, the x part comes out of the ⌊ ⌋ exactly and r_t = ⌊(z_t·2^q − Σ_(k≥1)
/// F_k·r_(t−k))/2^p⌋ holds no datum. So the sum told equals the exact sum plus Σr rounded, bit for bit, and is computed that way. A ⌊ ⌋
/// loses less than 2^-q, and Σr less than 2√n·2^-q.
/// </summary>
internal sealed class SquareRootNoise(long[] coefficients, int precision, DiscreteGaussian noise, IBitSource bits)
{
    private const int FractionBits = 32; // q
    private const int GuardBits = 64;
    private const int FineBits = 12;

    private static readonly BigInteger s_half = BigInteger.One << (FractionBits - 1);
    private static readonly Rational s_leastVariance = new(1, 1 << 16);

    private readonly List<BigInteger> _increments = [];
    private BigInteger _sum;

    public BigInteger Next()
    {
        BigInteger rest = noise.Sample(bits) << FractionBits;
        int step = _increments.Count;
        for (int k = 1; k <= step; k++)
            rest -= coefficients[k] * _increments[step - k];
        BigInteger increment = rest >> precision; // rounds down, also below 0
        _increments.Add(increment);
        _sum += increment;
        return (_sum + s_half) >> FractionBits;
    }

    /// <summary>F_k = ⌊2^p·f_k⌋, or that less 1 where the guard bits do not tell.</summary>
    public static long[] Coefficients(int steps, int precision)
    {
        long[] coefficients = new long[steps];
        BigInteger f = BigInteger.One << (precision + GuardBits);
        for (int k = 0; k < steps; k++)
        {
            if (k > 0)
                f = f * ((2 * k) - 1) / (2 * k);
            coefficients[k] = (long)(f >> GuardBits);
        }
        return coefficients;
    }

    /// <summary>
    /// The half-width where the sum of many small multiples of wide discrete Gaussians has at most the given variance. With σ² ≥ 2^36 and
    /// by Poisson's formula a discrete Gaussian lies within 2 of a Gaussian of the same σ², coupled quantile by quantile; multiplied and
    /// added up that is below 2^-13 here. The Gaussian is bounded by a discrete one on a grid of 2^-12. The sum told is an integer: it errs
    /// by h + 1 only if the noise before rounding errs by h + 1/2.
    /// </summary>
    public static long HalfWidth(Rational variance, double alpha)
    {
        Rational bounded = variance > s_leastVariance ? variance : s_leastVariance;
        DiscreteGaussian fine = new(bounded * (1L << (2 * FineBits)));
        BigInteger halfWidth = (BigInteger)fine.HalfWidth(RoundDown.Tighten(alpha)) + 4;
        return (long)((halfWidth - (1 << (FineBits - 1)) + (1 << FineBits) - 1) >> FineBits);
    }
}
