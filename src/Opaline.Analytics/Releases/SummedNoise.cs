using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>The 95 % half-widths of sums of equal noises, in steps, each made once. For one question: it remembers all that it was asked.</summary>
internal sealed class SummedNoise
{
    // The law of a longer sum of discrete Laplace noises takes long; Gaussian ones are one Gaussian whatever their number.
    private const int MostLaplaceTerms = 512;

    private readonly Dictionary<(NoiseMechanism Mechanism, string Parameter, int Terms), BigInteger> _halfWidths = [];

    /// <summary>Whether a sum of so many is at hand; by its number and kind alone.</summary>
    public static bool IsPossible(NoiseScale noise, int terms) => noise.Mechanism == NoiseMechanism.DiscreteGaussian || terms <= MostLaplaceTerms;

    /// <summary>The half-width of the sum of so many.</summary>
    public BigInteger HalfWidth(NoiseScale noise, int terms)
    {
        if (!_halfWidths.TryGetValue((noise.Mechanism, noise.Text, terms), out BigInteger half))
        {
            _halfWidths[(noise.Mechanism, noise.Text, terms)] = half =
                new SumAccuracy([.. Enumerable.Repeat((noise.Law, BigInteger.One), terms)], MeasurePrecision.Confidence).HalfWidth;
        }

        return half;
    }
}
