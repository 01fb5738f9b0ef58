using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Tails of the discrete Gaussian law, within a relative error of 2^-40. With f(k) = e^(−k²/(2σ²)), P(X ≥ t) = f(t)·S(t)/Z for t ≥ 1, where
/// S(t) = Σ_{j≥0} f(t + j)/f(t) and Z = Σ f. The exponent of f(t) is within 2^-52 of its exact value; S and Z are sums of positive terms.
/// S is summed term by term where a thousand terms suffice. Elsewhere σ is above 100 and f changes by less than 5 % from term to term, and
/// the Euler–Maclaurin formula with three corrections is exact to 1e-15: the derivatives of f are f times Hermite polynomials.
/// </summary>
internal sealed class GaussianTail
{
    private const int MostTerms = 1024;

    // e^-45 a term: a thousand terms dropped behind it stay below 2^-50 of the first.
    private const double Negligible = 45;

    private readonly WholeMultiples _exponents;
    private readonly double _h;
    private readonly double _sigma;
    private readonly double _logNormalizer;

    public GaussianTail(Rational sigmaSquared)
    {
        Rational halfPrecision = new(sigmaSquared.Denominator, 2 * sigmaSquared.Numerator);
        _exponents = new WholeMultiples(halfPrecision);
        _h = halfPrecision.ToDoubleDown();
        _sigma = Math.Sqrt(sigmaSquared.ToDoubleDown());
        _logNormalizer = Math.Log(Normalizer());
    }

    /// <summary>P(X ≥ t), rounded up.</summary>
    public double Upper(long t) => t >= 1 ? RoundUp.Loosen(Evaluate(t)) : RoundUp.Complement(Evaluate(BigInteger.One - t));

    /// <summary>ln P(X ≥ t), within 2^-41 and a few units of its own: also where P is no double any more.</summary>
    public double LogUpper(BigInteger t) => t.Sign > 0 ? EvaluateLog(t) : NearOne.LogOnePlus(-Evaluate(BigInteger.One - t));

    private double Evaluate(BigInteger t) => Math.Exp(EvaluateLog(t));

    private double EvaluateLog(BigInteger t) => -_exponents.OfSquare(t) + Math.Log(Sum((double)t)) - _logNormalizer;

    // S(t): the sum from t on, relative to its first term.
    private double Sum(double t)
    {
        double terms = Math.Ceiling(Math.Min(Negligible / (2 * t * _h), Math.Sqrt(Negligible / _h)));
        return terms <= MostTerms ? TermByTerm(t, (int)terms) : EulerMaclaurin(t / _sigma);
    }

    private double TermByTerm(double t, int terms)
    {
        double sum = 0;
        for (int j = terms; j > 0; j--) // the smallest first
            sum += Math.Exp(-((2 * t) + j) * j * _h);
        return sum + 1;
    }

    private double EulerMaclaurin(double z)
    {
        double square = z * z;
        double third = z * (square - 3);
        double fifth = z * ((square * (square - 10)) + 15);
        return (_sigma * NormalLaw.MillsRatio(z)) + 0.5 + (z / (12 * _sigma))
            - (third / (720 * Math.Pow(_sigma, 3)))
            + (fifth / (30240 * Math.Pow(_sigma, 5)));
    }

    // Z. By Poisson's summation formula it is σ·√(2π) up to a factor of 1 + 2e^(−2π²σ²), which is 1 in doubles from σ = 2 on.
    private double Normalizer()
    {
        if (_sigma >= 2)
            return _sigma * Math.Sqrt(2 * Math.PI);
        double sum = 0;
        for (int k = 32; k > 0; k--)
            sum += Math.Exp(-(double)k * k * _h);
        return 1 + (2 * sum);
    }
}
