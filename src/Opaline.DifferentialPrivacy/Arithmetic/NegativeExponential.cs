using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Bounds of e^−x for a rational x, as tight as asked for, in integers only. With them a coin or a choice whose chances hold exponentials
/// is decided exactly: compare with as many bits as it takes.
/// </summary>
internal static class NegativeExponential
{
    // x is halved until it is below 2^-8; the series then gains 8 bits a term.
    private const int ReducedBits = 8;

    /// <summary>Integers with Low ≤ e^−(n/d)·2^bits ≤ High and High − Low ≤ 2.</summary>
    /// <param name="n">At least 0.</param>
    /// <param name="d">At least 1.</param>
    /// <param name="bits">The precision, at least 0.</param>
    public static (BigInteger Low, BigInteger High) Bounds(BigInteger n, BigInteger d, int bits)
    {
        if (n.IsZero)
            return (BigInteger.One << bits, BigInteger.One << bits);
        if (10 * n >= 7 * d * (bits + 1))
            return (BigInteger.Zero, BigInteger.One); // x is above ln 2·(bits + 1), since ln 2 < 0.7
        int halvings = (int)(n / d).GetBitLength() + ReducedBits;
        // Each squaring doubles the error of 2·terms + 4 units with which the series ends.
        int precision = bits + halvings + (int)Math.Log2(bits + halvings + 1) + 12;
        BigInteger reduced = (n << precision) / (d << halvings);
        (BigInteger low, BigInteger high) = Series(reduced, precision);
        for (int i = 0; i < halvings; i++)
        {
            low = (low * low) >> precision;
            high = ((high * high) >> precision) + BigInteger.One;
        }
        int drop = precision - bits;
        return (low >> drop, (high >> drop) + BigInteger.One);
    }

    // Bounds of e^−y·2^precision for a y in [reduced, reduced + 1)/2^precision: the alternating series, whose terms lose less than 2 units
    // each.
    private static (BigInteger Low, BigInteger High) Series(BigInteger reduced, int precision)
    {
        BigInteger term = BigInteger.One << precision;
        BigInteger sum = term;
        int k = 0;
        while (!term.IsZero)
        {
            k++;
            term = ((term * reduced) >> precision) / k;
            sum += (k & 1) == 1 ? -term : term;
        }
        BigInteger error = (2 * k) + 4;
        return (sum - error, sum + error);
    }
}
