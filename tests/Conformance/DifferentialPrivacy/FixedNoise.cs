using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// From the fixed (ε, δ) of a case to our noise on a grid of steps: Laplace of scale Δ1/ε, or Gaussian of the least σ that has (ε, δ) by
/// the formula of Balle and Wang (2018), theorem 8: δ = Φ(Δ/2σ − εσ/Δ) − e^ε·Φ(−Δ/2σ − εσ/Δ). Scales are rounded up by less than 2^-24.
/// </summary>
internal sealed record FixedNoise(bool Laplace, double Epsilon, double Delta)
{
    private const int Precision = 24;

    /// <summary>The noise that protects what one unit changes by at most perPartition in each of so many partitions, in steps.</summary>
    public IDiscreteNoise Noise(int partitions, double perPartition) =>
        Laplace
            ? LaplaceOf(Sensitivity(partitions, perPartition) / Epsilon)
            : GaussianOf(Sigma(Epsilon, Delta) * Sensitivity(partitions, perPartition));

    /// <summary>Δ1 or Δ2.</summary>
    public double Sensitivity(int partitions, double perPartition) => perPartition * (Laplace ? partitions : Math.Sqrt(partitions));

    /// <summary>An equal part of the budget.</summary>
    public FixedNoise Part(int parts) => this with { Epsilon = Epsilon / parts, Delta = Delta / parts };

    public static DiscreteLaplace LaplaceOf(double scale) => new(Near(scale));

    public static DiscreteGaussian GaussianOf(double sigma) => new(Near(sigma * sigma));

    /// <summary>The least σ of Gaussian noise at sensitivity 1, within 1e-12 of it and above.</summary>
    public static double Sigma(double epsilon, double delta)
    {
        double low = 0;
        double high = 1;
        while (DeltaOf(high, epsilon) > delta)
            (low, high) = (high, 2 * high);
        while (high - low > 1e-12 * high)
        {
            double middle = (low + high) / 2;
            (low, high) = DeltaOf(middle, epsilon) > delta ? (middle, high) : (low, middle);
        }
        return high;
    }

    public static double DeltaOf(double sigma, double epsilon) =>
        UpperNormal((epsilon * sigma) - (0.5 / sigma)) - (Math.Exp(epsilon) * UpperNormal((epsilon * sigma) + (0.5 / sigma)));

    // 1 − Φ(z): the series of Φ near 0, Laplace's continued fraction further out.
    private static double UpperNormal(double z)
    {
        if (z < 0)
            return 1 - UpperNormal(-z);
        double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z < 2)
        {
            double sum = 0;
            double term = z;
            for (int k = 3; term > 1e-18; k += 2)
            {
                sum += term;
                term *= z * z / k;
            }
            return 0.5 - (density * sum);
        }
        double fraction = z;
        for (int k = 300; k > 0; k--)
            fraction = z + (k / fraction);
        return density / fraction;
    }

    // The least number of few bits that is not below the given one: the samplers stay in their 64-bit range.
    private static Rational Near(double value)
    {
        int shift = Math.Max(0, Precision - Math.ILogB(value));
        return new Rational(new BigInteger(Math.Ceiling(Math.ScaleB(value, shift))), BigInteger.One << shift);
    }
}
