using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>
/// The samplers of Canonne, Kamath, Steinke (The Discrete Gaussian for Differential Privacy, 2020, arXiv 2004.00010), algorithms 1 to 3, in
/// integers of arbitrary size: another way to the same laws, against which the library's draws are compared. With <c>zeroTwice</c> the
/// Laplace law is the well-known wrong one.
/// </summary>
internal static class CanonneKamathSteinke
{
    public static long[] Laplace(Rational scale, int draws, bool zeroTwice = false) =>
        [.. Enumerable.Range(0, draws).Select(_ => (long)Laplace(CryptographicBits.OfThread, scale, zeroTwice))];

    public static long[] Gaussian(Rational sigmaSquared, int draws, bool zeroTwice = false)
    {
        BigInteger t = IntegerRoot.Floor(sigmaSquared.Floor()) + 1;
        return [.. Enumerable.Range(0, draws).Select(_ => (long)Gaussian(CryptographicBits.OfThread, sigmaSquared, t, zeroTwice))];
    }

    private static BigInteger Gaussian(CryptographicBits bits, Rational sigmaSquared, BigInteger t, bool zeroTwice)
    {
        while (true)
        {
            BigInteger candidate = Laplace(bits, t, zeroTwice);
            Rational distance = BigInteger.Abs(candidate) - (sigmaSquared / t);
            if (Coin(bits, distance * distance / (2 * sigmaSquared)))
                return candidate;
        }
    }

    private static BigInteger Laplace(CryptographicBits bits, Rational scale, bool zeroTwice)
    {
        while (true)
        {
            bool negative = bits.Next(1) == 1;
            BigInteger magnitude = Geometric(bits, scale.Denominator, scale.Numerator);
            if (!negative || zeroTwice || !magnitude.IsZero)
                return negative ? -magnitude : magnitude;
        }
    }

    private static BigInteger Geometric(CryptographicBits bits, BigInteger n, BigInteger d)
    {
        BigInteger u;
        do
            u = Uniform.Below(bits, d);
        while (!Coin(bits, new Rational(u, d)));
        BigInteger v = 0;
        while (Coin(bits, 1))
            v++;
        return (u + (d * v)) / n;
    }

    private static bool Coin(CryptographicBits bits, Rational x)
    {
        for (; x > 1; x -= 1)
        {
            if (!Coin(bits, 1))
                return false;
        }
        BigInteger k = 1;
        while (Bernoulli.Draw(bits, x.Numerator, x.Denominator * k))
            k++;
        return !k.IsEven;
    }
}
