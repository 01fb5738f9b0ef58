using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Coins with chance exactly e^−x for a rational x ≥ 0. A coin compares a uniform real U with e^−x by as many bits of U as it takes: 64 of
/// them and a fixed-point value with a proved error decide all but about one coin in 2^58, the rest is continued with exact bounds of
/// growing precision.
/// </summary>
internal static class BernoulliExponential
{
    /// <summary>True with chance e^−(n/d), d ≥ 1.</summary>
    public static bool Draw<TBits>(TBits bits, UInt128 n, UInt128 d)
        where TBits : IBitSource
    {
        ulong u = bits.Next(64);
        return Decide(u, FixedExponential.Near(Quotient(n, d))) ?? Continue(bits, u, n, d, 1, 1);
    }

    /// <summary>True with chance e^−(n/d), n ≥ 0, d ≥ 1.</summary>
    public static bool Draw<TBits>(TBits bits, BigInteger n, BigInteger d)
        where TBits : IBitSource
    {
        ulong u = bits.Next(64);
        ulong near = n >= d * FixedExponential.Vanishing ? 0 : FixedExponential.Near((UInt128)((n << 64) / d));
        return Decide(u, near) ?? Continue(bits, u, n, d, 1, 1);
    }

    /// <summary>Whether U &lt; a/b·e^−(n/d), where U lies in [u, u + 1)/2^64 and its further bits are still to be drawn.</summary>
    /// <param name="bits">The source.</param>
    /// <param name="u">The first 64 bits of U.</param>
    /// <param name="n">At least 0.</param>
    /// <param name="d">At least 1.</param>
    /// <param name="a">At least 1.</param>
    /// <param name="b">At least 1, and so great that the chance is at most 1.</param>
    public static bool Continue<TBits>(TBits bits, BigInteger u, BigInteger n, BigInteger d, BigInteger a, BigInteger b)
        where TBits : IBitSource
    {
        // The bounds are 2 units apart: at this precision far less than the interval of U is wide, whatever a/b is.
        int margin = (int)a.GetBitLength() + 16;
        for (int drawn = 64; ; drawn += 64, u = (u << 64) | bits.Next(64))
        {
            int precision = drawn + margin;
            (BigInteger low, BigInteger high) = NegativeExponential.Bounds(n, d, precision);
            if ((u + BigInteger.One) * b << margin <= a * low)
                return true;
            if (u * b << margin >= a * high)
                return false;
        }
    }

    // n/d in units of 2^−64, within 2^−63·(1 + n/d) + 2^−64.
    private static UInt128 Quotient(UInt128 n, UInt128 d)
    {
        int excess = Math.Max(0, 64 - (int)UInt128.LeadingZeroCount(d));
        ulong divisor = (ulong)(d >> excess);
        UInt128 dividend = n >> excess;
        UInt128 whole = dividend / divisor;
        return whole >= FixedExponential.Vanishing ? UInt128.MaxValue : (whole << 64) | (((dividend - (whole * divisor)) << 64) / divisor);
    }

    private static bool? Decide(ulong u, ulong near)
    {
        // In units of 2^−63, U lies in [half, half + 1).
        ulong half = u >> 1;
        if (half >= near + FixedExponential.Error)
            return false;
        return half + 1 + FixedExponential.Error <= near ? true : null;
    }
}
