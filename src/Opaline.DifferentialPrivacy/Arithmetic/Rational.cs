using System.Globalization;
using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// An exact rational number in lowest terms. Scales and variances are rationals, so that a mechanism has exactly the loss that was charged
/// for it.
/// </summary>
public readonly record struct Rational : IComparable<Rational>
{
    private const int MantissaBits = 53;
    private const int LeastExponent = -1074;

    // One less than the denominator: the default value of the struct is then 0/1 and not 0/0.
    private readonly BigInteger _denominatorLessOne;

    /// <summary>The number <paramref name="numerator"/> / <paramref name="denominator"/>, reduced.</summary>
    /// <param name="numerator">Any integer.</param>
    /// <param name="denominator">Any integer but 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new ArgumentOutOfRangeException(nameof(denominator), "The denominator must not be 0.");
        BigInteger common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / common;
        _denominatorLessOne = (denominator / common) - BigInteger.One;
    }

    /// <summary>The numerator in lowest terms; it carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator in lowest terms, at least 1.</summary>
    public BigInteger Denominator => _denominatorLessOne + BigInteger.One;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>The exact value of a finite double.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public static Rational FromDouble(double value)
    {
        Domain.Finite(value);
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1L << 52;
        BigInteger numerator = bits < 0 ? -mantissa : mantissa;
        int power = exponent - 1075;
        return power >= 0 ? new(numerator << power, BigInteger.One) : new(numerator, BigInteger.One << -power);
    }

    /// <summary>The integer as a rational.</summary>
    public static Rational FromInteger(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The greatest integer that is not above the number.</summary>
    public BigInteger Floor()
    {
        BigInteger quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - BigInteger.One : quotient;
    }

    /// <summary>The least integer that is not below the number.</summary>
    public BigInteger Ceiling() => -(-this).Floor();

    /// <summary>The least double that is not below the number.</summary>
    public double ToDoubleUp() => Sign < 0 ? -(-this).Magnitude(up: false) : Magnitude(up: true);

    /// <summary>The greatest double that is not above the number.</summary>
    public double ToDoubleDown() => Sign < 0 ? -(-this).Magnitude(up: true) : Magnitude(up: false);

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The number as "numerator/denominator", or as an integer.</summary>
    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>The integer as a rational.</summary>
    public static implicit operator Rational(long value) => new(value, BigInteger.One);

    /// <summary>The integer as a rational.</summary>
    public static implicit operator Rational(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The negated number.</summary>
    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    /// <summary>The exact sum.</summary>
    public static Rational operator +(Rational left, Rational right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    /// <summary>The exact difference.</summary>
    public static Rational operator -(Rational left, Rational right) => left + -right;

    /// <summary>The exact product.</summary>
    public static Rational operator *(Rational left, Rational right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The exact quotient.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is 0.</exception>
    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    /// <summary>Whether left is below right.</summary>
    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    /// <summary>Whether left is above right.</summary>
    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    /// <summary>Whether left is not above right.</summary>
    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    /// <summary>Whether left is not below right.</summary>
    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    // The quotient is taken at an exponent where its integer part is the mantissa itself, so that the remainder tells the direction.
    private double Magnitude(bool up)
    {
        if (Numerator.IsZero)
            return 0;
        long length = Numerator.GetBitLength() - Denominator.GetBitLength();
        if (length > 1025)
            return up ? double.PositiveInfinity : double.MaxValue;
        int exponent = (int)Math.Max(length - MantissaBits, LeastExponent);
        BigInteger mantissa = Quotient(exponent, out bool exact);
        if (mantissa.GetBitLength() > MantissaBits)
            mantissa = Quotient(++exponent, out exact);
        if (up && !exact)
            mantissa += BigInteger.One;
        double result = Math.ScaleB((double)mantissa, exponent);
        return double.IsInfinity(result) && !up ? double.MaxValue : result;
    }

    private BigInteger Quotient(int exponent, out bool exact)
    {
        BigInteger quotient = exponent >= 0
            ? BigInteger.DivRem(Numerator, Denominator << exponent, out BigInteger remainder)
            : BigInteger.DivRem(Numerator << -exponent, Denominator, out remainder);
        exact = remainder.IsZero;
        return quotient;
    }
}
