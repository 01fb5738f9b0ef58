using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Coins with chance exactly e^−x for a rational x ≥ 0 (Canonne, Kamath, Steinke: The Discrete Gaussian for Differential Privacy, 2020,
/// arXiv 2004.00010, algorithm 1): for x ≤ 1 the number of leading successes of coins x/1, x/2, x/3, … is even with chance e^−x; a
/// larger x is a product of e^−1 and a rest.
/// </summary>
internal static class BernoulliExponential
{
    /// <summary>The greatest denominator of the 128-bit form: it leaves room for the factor k of the coins x/k.</summary>
    public static readonly UInt128 GreatestDenominator = UInt128.One << 120;

    private const uint GreatestFactor = 255;

    /// <summary>True with chance e^−(n/d); d from 1 to <see cref="GreatestDenominator"/>.</summary>
    public static bool Draw(IBitSource bits, UInt128 n, UInt128 d)
    {
        for (; n > d; n -= d)
        {
            if (!One(bits))
                return false;
        }
        uint k = 1;
        while (Bernoulli.Draw(bits, n, d * k))
        {
            if (++k > GreatestFactor)
                return Odd(bits, n, d, k);
        }
        return (k & 1) == 1;
    }

    /// <summary>True with chance e^−(n/d), d ≥ 1.</summary>
    public static bool Draw(IBitSource bits, BigInteger n, BigInteger d)
    {
        for (; n > d; n -= d)
        {
            if (!One(bits))
                return false;
        }
        return Odd(bits, n, d, 1);
    }

    /// <summary>True with chance e^−1.</summary>
    public static bool One(IBitSource bits)
    {
        // The coin 1/1 of the series always succeeds: begin at 1/2.
        ulong k = 2;
        while (Uniform.Below(bits, k) == 0)
            k++;
        return (k & 1) == 1;
    }

    private static bool Odd(IBitSource bits, BigInteger n, BigInteger d, BigInteger k)
    {
        while (Bernoulli.Draw(bits, n, d * k))
            k++;
        return !k.IsEven;
    }
}
