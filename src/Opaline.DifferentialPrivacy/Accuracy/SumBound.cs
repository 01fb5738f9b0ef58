using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Half-widths of weighted sums of discrete Gaussian and Laplace noises in closed form: never too narrow, and good for any number of terms
/// at hardly any cost.
/// </summary>
internal static class SumBound
{
    private static readonly Rational s_leastShifted = new(1, 4);

    /// <summary>
    /// z·√Σw²σ² + Σ|w| for Gaussian noises of σ ≥ 1/2, with the normal quantile z; null for others.
    /// </summary>
    /// <remarks>
    /// With f(x) = e^(−x²/2σ²) the chance of k is f(k)/Σf, and that of [k, k + 1] under the normal law N the integral of f there over that
    /// of all. The first over the second rises with k ≥ 0, as f(k + u)/f(k) = e^(−(2ku + u²)/2σ²) falls. So going outwards from 1 the tail
    /// of the discrete law, less the normal one, is a sum of differences of which first ones are negative and all later ones are not: it is
    /// least at 1 or at infinity, where it is 0. At 1 it is half of the normal chance of [−1, 1] less that of 0, which is not negative from
    /// σ = 1/2 on: P(X ≥ s) ≥ P(N ≥ s) for s ≥ 1. In the same way, of [k − 1, k] the first over the second falls with k, so P(X ≥ s) ≤
    /// P(N ≥ s − 1). Both together say that X is stochastically at most N + 1, hence ΣwX at most N(0, Σw²σ²) + Σ|w|.
    /// </remarks>
    public static BigInteger? Shifted(IReadOnlyCollection<(IDiscreteNoise Noise, BigInteger Weight, int Count)> terms, double alpha)
    {
        if (!terms.All(term => term.Noise is DiscreteGaussian gaussian && gaussian.SigmaSquared >= s_leastShifted))
            return null;
        Rational variance = terms.Aggregate((Rational)0, (sum, term) =>
            sum + (((DiscreteGaussian)term.Noise).SigmaSquared * (term.Weight * term.Weight * term.Count)));
        double quantile = DoubleSearch.Least(z => 2 * RoundUp.Loosen(NormalLaw.Upper(z)) <= alpha);
        BigInteger greatest = terms.Max(term => term.Weight);
        double deviation = Math.BitIncrement(Math.Sqrt((variance / (greatest * greatest)).ToDoubleUp()));
        // Of integers the sum is beyond h from h + 1 on.
        return Whole(RoundUp.Multiply(quantile, deviation), greatest) + Shift(terms) - BigInteger.One;
    }

    /// <summary>Σ|w|.</summary>
    public static BigInteger Shift(IReadOnlyCollection<(IDiscreteNoise Noise, BigInteger Weight, int Count)> terms) =>
        terms.Aggregate(BigInteger.Zero, (sum, term) => sum + (term.Weight * term.Count));

    /// <summary>
    /// The least (K(θ) + ln(2/alpha))/θ over θ, with bounds K of the logarithm of the moment generating function (Chernoff); null where a
    /// noise is of another kind. At 95 % of a sum of Gaussians this is 39 % too wide.
    /// </summary>
    /// <remarks>
    /// A discrete Gaussian is sub-Gaussian, K ≤ θ²σ²/2 (Canonne, Kamath, Steinke, arXiv 2004.00010): completing the square gives that and the
    /// sum over the integers of e^(−(x − θσ²)²/2σ²) against the one without θ, which by Poisson's formula is the greatest. Of the discrete
    /// Laplace with u = 1/s it is, for |θ| &lt; u, exactly ln (1 − a)²/((1 − ae^θ)(1 − ae^−θ)) = −ln(1 − (sinh(θ/2)/sinh(u/2))²).
    /// </remarks>
    public static BigInteger? Chernoff(IReadOnlyCollection<(IDiscreteNoise Noise, BigInteger Weight, int Count)> terms, double alpha)
    {
        BigInteger greatest = terms.Max(term => term.Weight);
        List<(bool Gaussian, double Parameter, double Weight, int Count)> laws = [];
        foreach ((IDiscreteNoise noise, BigInteger weight, int count) in terms)
        {
            double share = new Rational(weight, greatest).ToDoubleUp();
            if (noise is DiscreteGaussian gaussian)
                laws.Add((true, gaussian.SigmaSquared.ToDoubleUp(), share, count));
            else if (noise is DiscreteLaplace laplace)
                laws.Add((false, laplace.Scale.ToDoubleUp(), share, count));
            else
                return null;
        }

        double log = Math.Log(2 / alpha);
        double variance = laws.Sum(law => law.Count * law.Weight * law.Weight * (law.Gaussian ? law.Parameter : 2 * law.Parameter * law.Parameter));
        double middle = Math.Log(Math.Sqrt(2 * log / variance)); // best where all are Gaussian
        double last = laws.Where(law => !law.Gaussian).Select(law => 0.99 / (law.Parameter * law.Weight)).DefaultIfEmpty(double.PositiveInfinity).Min();
        double high = Math.Min(middle + 1, Math.Log(last));
        double width = GoldenSection.Least(Math.Min(middle - 3, high - 1), high, 0.01, logTheta =>
        {
            double theta = Math.Exp(logTheta);
            return (laws.Sum(law => law.Count * (law.Gaussian ? Gaussian(theta * law.Weight, law.Parameter) : Laplace(theta * law.Weight, law.Parameter))) + log) / theta;
        });
        return Whole(RoundUp.Loosen(width), greatest) - BigInteger.One;
    }

    private static double Gaussian(double theta, double variance) => theta * theta * variance / 2;

    private static double Laplace(double theta, double scale)
    {
        double rate = 1 / scale;
        // Far out a sine is half an exponential, and there that of θ is at most that much.
        double ratio = rate < 1000 ? Math.Sinh(theta / 2) / Math.Sinh(rate / 2) : Math.Exp((theta - rate) / 2);
        return -NearOne.LogOnePlus(-ratio * ratio);
    }

    private static BigInteger Whole(double shares, BigInteger unit) => (Rational.FromDouble(shares) * unit).Ceiling();
}
