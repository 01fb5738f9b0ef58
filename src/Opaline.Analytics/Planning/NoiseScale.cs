using System.Globalization;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Exact noise of one scale.</summary>
internal sealed record NoiseScale
{
    // Beyond this no value on any grid would be heard through the noise, and its integers would leave 64 bits.
    private const double LoudestSigma = 1e15;

    private NoiseScale(NoiseMechanism mechanism, Rational parameter)
    {
        Mechanism = mechanism;
        Parameter = parameter;
        Law = mechanism == NoiseMechanism.DiscreteGaussian ? new DiscreteGaussian(parameter) : new DiscreteLaplace(parameter);
    }

    /// <summary>The kind.</summary>
    public NoiseMechanism Mechanism { get; }

    /// <summary>σ² of the discrete Gaussian, or the scale of the discrete Laplace.</summary>
    public Rational Parameter { get; }

    /// <summary>The distribution.</summary>
    public IDiscreteNoise Law { get; }

    /// <summary>σ, or the scale; for reading only.</summary>
    public double Sigma => SigmaOf(Mechanism, Parameter);

    /// <summary>The parameter as an exact fraction.</summary>
    public string Text => Parameter.ToString();

    /// <summary>The noise of a parameter, or null if it would drown every value.</summary>
    public static NoiseScale? For(NoiseMechanism mechanism, Rational parameter) =>
        SigmaOf(mechanism, parameter) <= LoudestSigma ? new NoiseScale(mechanism, parameter) : null;

    /// <summary>The noise of a parameter that was written as <see cref="Text"/>.</summary>
    public static NoiseScale Read(NoiseMechanism mechanism, string text)
    {
        string[] parts = text.Split('/');
        BigInteger Part(int i) => BigInteger.Parse(parts[i], CultureInfo.InvariantCulture);
        return new NoiseScale(mechanism, new Rational(Part(0), parts.Length == 1 ? BigInteger.One : Part(1)));
    }

    private static double SigmaOf(NoiseMechanism mechanism, Rational parameter)
    {
        double value = parameter.ToDoubleUp();
        return mechanism == NoiseMechanism.DiscreteGaussian ? Math.Sqrt(value) : value;
    }
}
