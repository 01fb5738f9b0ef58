using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Tails of the discrete Laplace law in closed form: P(X ≥ t) = a^t/(1 + a) for t ≥ 1, a = e^(−1/s). The exponent t/s is within 2^-52 of
/// its exact value: up to 745 it costs a relative error of 2^-42.
/// </summary>
internal sealed class LaplaceTail
{
    private readonly WholeMultiples _exponents;
    private readonly double _logOnePlusA;

    public LaplaceTail(Rational scale)
    {
        Rational rate = new(scale.Denominator, scale.Numerator);
        _exponents = new WholeMultiples(rate);
        _logOnePlusA = NearOne.LogOnePlus(Math.Exp(-rate.ToDoubleDown()));
    }

    /// <summary>P(X ≥ t), rounded up.</summary>
    public double Upper(long t) => t >= 1 ? RoundUp.Loosen(Evaluate(t)) : RoundUp.Complement(Evaluate(BigInteger.One - t));

    private double Evaluate(BigInteger t) => Math.Exp(-_exponents.Of(t) - _logOnePlusA);
}
