using System.Numerics;
using System.Security.Cryptography;
using Opaline.DifferentialPrivacy;

namespace Opaline.Benchmarks.DifferentialPrivacy;

/// <summary>
/// The algorithms of Canonne, Kamath and Steinke (The Discrete Gaussian for Differential Privacy, 2020, arXiv 2004.00010) as they are
/// written, in rationals of arbitrary size, one draw at a time. The bits are buffered like the library's: a call of the generator for each
/// coin would take most of the time.
/// </summary>
internal static class NaiveExact
{
    private static readonly byte[] s_buffer = new byte[64 * 1024];
    private static int s_position = s_buffer.Length;

    /// <summary>Algorithm 2 at an integer scale.</summary>
    public static BigInteger Laplace(BigInteger scale)
    {
        while (true)
        {
            BigInteger u = Below(scale);
            if (!CoinOfExponential(new Rational(u, scale)))
                continue;
            BigInteger v = 0;
            while (CoinOfExponential(1))
                v++;
            BigInteger magnitude = u + (scale * v);
            bool negative = Below(2).IsOne;
            if (!negative)
                return magnitude;
            if (!magnitude.IsZero)
                return -magnitude;
        }
    }

    /// <summary>Algorithm 3; t = ⌊σ⌋ + 1.</summary>
    public static BigInteger Gaussian(Rational sigmaSquared, BigInteger t)
    {
        while (true)
        {
            BigInteger candidate = Laplace(t);
            Rational distance = BigInteger.Abs(candidate) - (sigmaSquared / t);
            if (CoinOfExponential(distance * distance / (2 * sigmaSquared)))
                return candidate;
        }
    }

    // Algorithm 1.
    private static bool CoinOfExponential(Rational x)
    {
        for (; x > 1; x -= 1)
        {
            if (!CoinOfExponential(1))
                return false;
        }
        BigInteger k = 1;
        while (Coin(x / k))
            k++;
        return !k.IsEven;
    }

    private static bool Coin(Rational chance) => Below(chance.Denominator) < chance.Numerator;

    private static BigInteger Below(BigInteger m)
    {
        int bits = (int)(m - 1).GetBitLength();
        while (true)
        {
            BigInteger draw = new BigInteger(Bytes((bits + 7) / 8), isUnsigned: true) & ((BigInteger.One << bits) - 1);
            if (draw < m)
                return draw;
        }
    }

    private static ReadOnlySpan<byte> Bytes(int count)
    {
        if (s_position + count > s_buffer.Length)
        {
            RandomNumberGenerator.Fill(s_buffer);
            s_position = 0;
        }
        s_position += count;
        return s_buffer.AsSpan(s_position - count, count);
    }
}
