using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The scales among which a calibration searches: 40 binary digits each, from 2^−60 to 2^112. The scale found is at most 2^−40 of itself
/// away from the best one.
/// </summary>
internal static class ScaleGrid
{
    private const int Digits = 40;
    private const int LeastPower = -60;
    private const int GreatestPower = 112;
    private const long Last = (long)(GreatestPower - LeastPower) << Digits;

    /// <summary>
    /// The least scale that fits, or null where none up to 2^112 does. The answer itself was tested, also where fitting is not monotone.
    /// </summary>
    public static Rational? Least(Func<Rational, bool> fits)
    {
        long index = TailSearch.Least(0, i => i > Last || fits(At(i)));
        return index <= Last ? At(index) : null;
    }

    /// <summary>The greatest scale that fits, where every lesser one does too; null where the least does not.</summary>
    public static Rational? Greatest(Func<Rational, bool> fits)
    {
        long index = TailSearch.Least(0, i => i > Last || !fits(At(i)));
        return index > 0 ? At(index - 1) : null;
    }

    private static Rational At(long index)
    {
        BigInteger mantissa = (BigInteger.One << Digits) + (index & ((1L << Digits) - 1));
        int power = (int)(index >> Digits) + LeastPower - Digits;
        return power >= 0 ? new Rational(mantissa << power, BigInteger.One) : new Rational(mantissa, BigInteger.One << -power);
    }
}
