using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Tails of the discrete Laplace law in closed form: P(X ≥ t) = a^t/(1 + a) for t ≥ 1, a = e^(−1/s). The exponent t/s is rounded once, from
/// its exact value: up to 745 it costs a relative error of 2^-44.
/// </summary>
internal sealed class LaplaceTail
{
    private readonly Rational _rate;
    private readonly double _logOnePlusA;

    public LaplaceTail(Rational scale)
    {
        _rate = new Rational(scale.Denominator, scale.Numerator);
        _logOnePlusA = NearOne.LogOnePlus(Math.Exp(-_rate.ToDoubleDown()));
    }

    /// <summary>P(X ≥ t), rounded up.</summary>
    public double Upper(long t) => t >= 1 ? RoundUp.Loosen(Evaluate(t)) : RoundUp.Complement(Evaluate(BigInteger.One - t));

    private double Evaluate(BigInteger t) => Math.Exp(-(_rate * t).ToDoubleDown() - _logOnePlusA);
}
