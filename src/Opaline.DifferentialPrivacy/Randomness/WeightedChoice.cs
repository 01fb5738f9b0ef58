using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact choices with chances proportional to m·e^−x, for integer multiplicities m and rational x. One uniform real U is compared with the
/// cumulated sums of the weights; bounds of the weights and as many bits of U as they are precise decide almost every choice, and the rest
/// are continued with twice the precision. The number of steps is linear in the number of weights, and no draw is thrown away.
/// </summary>
internal static class WeightedChoice
{
    // Bits beyond those of the sum of the multiplicities: about one choice among n in 2^60/n needs a second look.
    private const int SpareBits = 64;

    /// <summary>The index of the chosen weight.</summary>
    /// <param name="bits">The source of U.</param>
    /// <param name="weights">m, at least 0, and the numerator of x, any integer. At least one m is above 0.</param>
    /// <param name="denominator">The denominator of every x, at least 1.</param>
    public static int Draw(
        IBitSource bits, ReadOnlySpan<(BigInteger Multiplicity, BigInteger Numerator)> weights, BigInteger denominator)
    {
        // Only quotients of weights matter: the least x becomes 0, so that the sum is at least 1.
        BigInteger? least = null;
        BigInteger multiplicities = BigInteger.Zero;
        foreach ((BigInteger multiplicity, BigInteger numerator) in weights)
        {
            if (!multiplicity.IsZero && (least is null || numerator < least))
                least = numerator;
            multiplicities += multiplicity;
        }
        int precision = SpareBits + (int)multiplicities.GetBitLength();
        BigInteger u = Bits(bits, precision);
        while (true)
        {
            if (Decide(u, precision, weights, least.GetValueOrDefault(), denominator) is int index)
                return index;
            u = (u << precision) | Bits(bits, precision);
            precision *= 2;
        }
    }

    // U lies in [u, u + 1)/2^precision. Null where that interval, times the sum of the weights, may reach over a border between two of
    // them.
    private static int? Decide(
        BigInteger u,
        int precision,
        ReadOnlySpan<(BigInteger Multiplicity, BigInteger Numerator)> weights,
        BigInteger least,
        BigInteger denominator)
    {
        // Bounds of the sum of the first i weights, times 2^precision.
        BigInteger[] low = new BigInteger[weights.Length + 1];
        BigInteger[] high = new BigInteger[weights.Length + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            (BigInteger multiplicity, BigInteger numerator) = weights[i];
            (BigInteger Low, BigInteger High) factor =
                multiplicity.IsZero ? default : NegativeExponential.Bounds(numerator - least, denominator, precision);
            low[i + 1] = low[i] + (multiplicity * factor.Low);
            high[i + 1] = high[i] + (multiplicity * factor.High);
        }
        // U times the sum lies in [begin, end); the sums are integers at this precision, so the ends may be rounded to integers.
        BigInteger begin = (u * low[^1]) >> precision;
        BigInteger end = -((-(u + BigInteger.One) * high[^1]) >> precision);
        for (int i = 0; i < weights.Length; i++)
        {
            if (low[i + 1] >= end)
                return begin >= high[i] ? i : null;
        }
        return null;
    }

    private static BigInteger Bits(IBitSource bits, int count) => Uniform.Below(bits, BigInteger.One << count);
}
