using System.Globalization;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Exact noise of one scale.</summary>
/// <param name="Mechanism">The kind.</param>
/// <param name="Parameter">σ² of the discrete Gaussian, or the scale of the discrete Laplace.</param>
internal sealed record NoiseScale(NoiseMechanism Mechanism, Rational Parameter)
{
    /// <summary>σ, or the scale; for reading only.</summary>
    public double Sigma
    {
        get
        {
            double value = Parameter.ToDoubleUp();
            return Mechanism == NoiseMechanism.DiscreteGaussian ? Math.Sqrt(value) : value;
        }
    }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Parameter.Numerator}/{Parameter.Denominator}");

    /// <summary>The least t with P(|X| &gt; t) ≤ α.</summary>
    public long HalfWidth(double alpha) => Mechanism == NoiseMechanism.DiscreteGaussian
        ? new DiscreteGaussian(Parameter).HalfWidth(alpha)
        : new DiscreteLaplace(Parameter).HalfWidth(alpha);

    /// <summary>Fills with independent draws.</summary>
    public void Draw(Span<long> noise)
    {
        if (Mechanism == NoiseMechanism.DiscreteGaussian)
            new DiscreteGaussian(Parameter).Fill(noise);
        else
            new DiscreteLaplace(Parameter).Fill(noise);
    }
}
