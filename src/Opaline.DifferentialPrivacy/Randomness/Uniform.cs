using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>Exactly uniform integers, by rejection on ⌈log2 m⌉ bits; never by a remainder, which would favour small values.</summary>
internal static class Uniform
{
    /// <summary>Uniform in 0 … m − 1, m ≥ 1.</summary>
    public static ulong Below<TBits>(TBits bits, ulong m)
        where TBits : IBitSource
    {
        if (m == 1)
            return 0;
        int count = 64 - BitOperations.LeadingZeroCount(m - 1);
        ulong draw;
        do
            draw = bits.Next(count);
        while (draw >= m);
        return draw;
    }

    /// <summary>Uniform in 0 … m − 1, m ≥ 1.</summary>
    public static BigInteger Below<TBits>(TBits bits, BigInteger m)
        where TBits : IBitSource
    {
        long count = (m - BigInteger.One).GetBitLength();
        BigInteger draw;
        do
            draw = Bits(bits, count);
        while (draw >= m);
        return draw;
    }

    private static BigInteger Bits<TBits>(TBits bits, long count)
        where TBits : IBitSource
    {
        BigInteger draw = BigInteger.Zero;
        for (; count > 0; count -= 64)
        {
            int step = (int)Math.Min(count, 64);
            draw = (draw << step) | bits.Next(step);
        }
        return draw;
    }
}
