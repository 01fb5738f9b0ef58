using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The weights f(k) = e^−c·k^power of a law on the integers, c &gt; 0 rational, power 1 (Laplace, geometric) or 2 (Gaussian): as
/// fixed-point numbers with a proved error, and as exact fractions for what these leave open. The size of c's numerator and denominator
/// does not matter for the former.
/// </summary>
internal sealed class Decay
{
    private const int Word = 64;

    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;
    private readonly int _power;

    // c lies in [mantissa, mantissa + 1)·2^exponent, and the mantissa has 64 bits.
    private readonly ulong _mantissa;
    private readonly int _exponent;

    private Decay(BigInteger numerator, BigInteger denominator, int power)
    {
        (_numerator, _denominator, _power) = (numerator, denominator, power);
        _exponent = (int)(numerator.GetBitLength() - denominator.GetBitLength()) - Word;
        BigInteger mantissa = Scaled();
        if (mantissa.GetBitLength() > Word)
        {
            _exponent++;
            mantissa = Scaled();
        }
        _mantissa = (ulong)mantissa;

        BigInteger Scaled() => _exponent < 0 ? (numerator << -_exponent) / denominator : numerator / (denominator << _exponent);
    }

    /// <summary>f(k) = e^(−k/scale).</summary>
    public static Decay Geometric(Rational scale) => new(scale.Denominator, scale.Numerator, 1);

    /// <summary>f(k) = e^(−k²/(2σ²)).</summary>
    public static Decay Gaussian(Rational sigmaSquared) => new(sigmaSquared.Denominator, 2 * sigmaSquared.Numerator, 2);

    /// <summary>f(k) in units of 2^−63, within <see cref="FixedExponential.Error"/>.</summary>
    /// <param name="k">Below 2^63.</param>
    public ulong Near(ulong k)
    {
        if (k == 0)
            return FixedExponential.One;
        // Cutting the mantissa and k^power to 64 bits lowers the exponent by less than 2^-62 of itself.
        UInt128 power = _power == 1 ? k : Math.BigMul(k, k);
        int excess = Math.Max(0, Word - (int)UInt128.LeadingZeroCount(power));
        UInt128 product = Math.BigMul(_mantissa, (ulong)(power >> excess));
        int shift = _exponent + excess + Word;
        if (shift < 0)
            return FixedExponential.Near(shift > -2 * Word ? product >> -shift : 0);
        // Shifted past 2^70, the exponent is above 64.
        return shift + (2 * Word) - (int)UInt128.LeadingZeroCount(product) > 70 ? 0 : FixedExponential.Near(product << shift);
    }

    /// <summary>f(k) = e^−(n/d), exactly.</summary>
    public (BigInteger N, BigInteger D) Exponent(BigInteger k) => (_numerator * BigInteger.Pow(k, _power), _denominator);

    /// <summary>Whether f(to) ≤ f(from)·e^−drop.</summary>
    public bool Falls(BigInteger from, BigInteger to, Rational drop) =>
        (Exponent(to).N - Exponent(from).N) * drop.Denominator >= drop.Numerator * _denominator;
}
