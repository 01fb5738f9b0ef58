using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact geometric numbers: P(k) = (1 − e^−x)·e^−xk for a rational x = n/d &gt; 0 (Canonne, Kamath, Steinke 2020, algorithm 2): a uniform
/// remainder u below d accepted with chance e^−(u/d), plus d times a geometric number of ratio e^−1, divided by n.
/// </summary>
internal static class Geometric
{
    /// <summary>The greatest n and d of the 64-bit form.</summary>
    public const ulong Greatest = 1UL << 62;

    /// <summary>A draw for x = n/d, both from 1 to <see cref="Greatest"/>.</summary>
    public static UInt128 Draw(IBitSource bits, ulong n, ulong d)
    {
        ulong u;
        do
            u = Uniform.Below(bits, d);
        while (!BernoulliExponential.Draw(bits, (UInt128)u, d));
        ulong v = Successes(bits);
        UInt128 sum = u + (Math.BigMul(d, v));
        return n == 1 ? sum : sum / n;
    }

    /// <summary>A draw for x = n/d, both at least 1.</summary>
    public static BigInteger Draw(IBitSource bits, BigInteger n, BigInteger d)
    {
        BigInteger u;
        do
            u = Uniform.Below(bits, d);
        while (!BernoulliExponential.Draw(bits, u, d));
        return (u + (d * Successes(bits))) / n;
    }

    private static ulong Successes(IBitSource bits)
    {
        ulong v = 0;
        while (BernoulliExponential.One(bits))
            v++;
        return v;
    }
}
