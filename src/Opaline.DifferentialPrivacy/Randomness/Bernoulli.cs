using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Coins with an exactly rational chance. A coin compares a uniform real U with n/d by as many bits of U as it takes: 64 bits confine U to
/// [u, u + 1)/2^64, which decides all but about one coin in 2^62; the rest are continued exactly, 64 bits at a time. No division, no
/// rounding.
/// </summary>
internal static class Bernoulli
{
    /// <summary>True with chance n/d, 0 ≤ n ≤ d, d ≥ 1.</summary>
    public static bool Draw<TBits>(TBits bits, ulong n, ulong d)
        where TBits : IBitSource
    {
        ulong u = bits.Next(64);
        ulong high = Math.BigMul(u, d, out ulong low);
        if (high >= n)
            return false; // u·d ≥ n·2^64: all of U's interval lies at or above n/d
        ulong endLow = low + d;
        ulong endHigh = high + (endLow < low ? 1UL : 0UL);
        if (endHigh < n || endLow == 0)
            return true; // (u + 1)·d ≤ n·2^64: all of it lies below
        return Continue(bits, u, n, d);
    }

    /// <summary>True with chance n/d, 0 ≤ n ≤ d, d ≥ 1.</summary>
    public static bool Draw<TBits>(TBits bits, UInt128 n, UInt128 d)
        where TBits : IBitSource
    {
        if (d <= ulong.MaxValue)
            return Draw(bits, (ulong)n, (ulong)d);
        // The leading 63 bits bracket the fraction: n/d lies in [a/(b + 1), (a + 1)/b).
        int shift = 65 - (int)UInt128.LeadingZeroCount(d);
        ulong a = (ulong)(n >> shift);
        ulong b = (ulong)(d >> shift);
        ulong u = bits.Next(64);
        if (Math.BigMul(u, b, out _) > a)
            return false; // u·b ≥ (a + 1)·2^64
        ulong high = Math.BigMul(u, b + 1, out ulong low);
        ulong endLow = low + b + 1;
        ulong endHigh = high + (endLow < low ? 1UL : 0UL);
        if (endHigh < a || (endHigh == a && endLow == 0))
            return true; // (u + 1)·(b + 1) ≤ a·2^64
        return Continue(bits, u, n, d);
    }

    /// <summary>True with chance n/d, 0 ≤ n ≤ d, d ≥ 1.</summary>
    public static bool Draw<TBits>(TBits bits, BigInteger n, BigInteger d)
        where TBits : IBitSource
    {
        BigInteger u = bits.Next(64);
        return Decide(u, n << 64, d) ?? Continue(bits, u, n, d);
    }

    // U lies in [u, u + 1)/2^64, and that interval holds n/d.
    private static bool Continue<TBits>(TBits bits, BigInteger u, BigInteger n, BigInteger d)
        where TBits : IBitSource
    {
        BigInteger scaled = n << 64;
        bool? decided;
        do
        {
            u = (u << 64) | bits.Next(64);
            scaled <<= 64;
            decided = Decide(u, scaled, d);
        }
        while (decided is null);
        return decided.Value;
    }

    private static bool? Decide(BigInteger u, BigInteger scaled, BigInteger d)
    {
        BigInteger product = u * d;
        if (product >= scaled)
            return false;
        return product + d <= scaled ? true : null;
    }
}
