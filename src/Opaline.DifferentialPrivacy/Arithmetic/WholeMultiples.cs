using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The products of a positive rational with whole numbers, within a relative error of 2^-52. The factor is a sum of two doubles, and a fused
/// multiplication tells what a product lost; only beyond 2^53, or where doubles overflow, is a product taken of the rational itself.
/// </summary>
internal sealed class WholeMultiples
{
    private const double Greatest = 1e300;

    private static readonly BigInteger s_exact = BigInteger.One << 53;

    private readonly Rational _factor;
    private readonly double _high;
    private readonly double _rest;

    public WholeMultiples(Rational factor)
    {
        _factor = factor;
        _high = factor.ToDoubleDown();
        _rest = (factor - Rational.FromDouble(_high)).ToDoubleDown();
    }

    /// <summary>whole·factor, of a number that is not negative.</summary>
    public double Of(BigInteger whole) =>
        whole <= s_exact && Product((double)whole, 0) is < Greatest and double product ? product : (_factor * whole).ToDoubleDown();

    /// <summary>root²·factor, of a number that is not negative.</summary>
    public double OfSquare(BigInteger root)
    {
        double x = (double)root;
        double square = x * x;
        return root <= s_exact && Product(square, Math.FusedMultiplyAdd(x, x, -square)) is < Greatest and double product
            ? product
            : (_factor * (root * root)).ToDoubleDown();
    }

    private double Product(double whole, double wholeRest)
    {
        double product = whole * _high;
        return product + (Math.FusedMultiplyAdd(whole, _high, -product) + (wholeRest * _high) + (whole * _rest));
    }
}
