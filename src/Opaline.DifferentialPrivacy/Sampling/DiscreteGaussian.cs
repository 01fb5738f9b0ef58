using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact discrete Gaussian noise: P(x) proportional to e^(−x²/(2σ²)) on the integers.
/// <list type="bullet">
/// <item>Input domain: an integer statistic, or a vector of them with independent noise on each.</item>
/// <item>Sensitivity: Δ2, the greatest L2 norm of the change that one privacy unit makes.</item>
/// <item>Privacy loss: ρ-zCDP with ρ = Δ2²/(2σ²), exactly.</item>
/// <item>Source: Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (arXiv 2004.00010), theorem 4. Draws are exact;
/// see <see cref="Staircase"/>.</item>
/// </list>
/// </summary>
public sealed class DiscreteGaussian : IDiscreteNoise
{
    // A draw beyond 64 bits then lies 128 standard deviations out: a chance below e^-8192.
    private const int GreatestVariancePower = 112;

    private readonly Lazy<Staircase> _staircase;
    private readonly GaussianTail _tail;

    /// <summary>Noise of the given parameter.</summary>
    /// <param name="sigmaSquared">σ², exact, in (0, 2^112]; the variance is at most this.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ² lies outside (0, 2^112].</exception>
    public DiscreteGaussian(Rational sigmaSquared)
    {
        Domain.Scale(sigmaSquared, GreatestVariancePower);
        SigmaSquared = sigmaSquared;
        _staircase = new(() => Staircase.TwoSided(Decay.Gaussian(sigmaSquared)), LazyThreadSafetyMode.PublicationOnly);
        _tail = new GaussianTail(sigmaSquared);
    }

    /// <summary>The exact parameter σ².</summary>
    public Rational SigmaSquared { get; }

    /// <inheritdoc/>
    public BigInteger Sample() => Sample(DirectBits.OfThread);

    /// <inheritdoc/>
    public void Fill(Span<long> destination) => Fill(destination, DirectBits.OfThread);

    /// <inheritdoc/>
    public double UpperTail(long t) => _tail.Upper(t);

    /// <inheritdoc/>
    public long HalfWidth(double alpha) => TailSearch.HalfWidth(_tail.Upper, alpha);

    /// <summary>Whether it is the same law.</summary>
    public override bool Equals(object? obj) => obj is DiscreteGaussian other && other.SigmaSquared == SigmaSquared;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(DiscreteGaussian), SigmaSquared);

    /// <summary>The noise, or null where σ² is above the range.</summary>
    internal static DiscreteGaussian? IfDrawable(Rational sigmaSquared) =>
        sigmaSquared <= BigInteger.One << GreatestVariancePower ? new(sigmaSquared) : null;

    /// <summary>The noise of a given loss at a given sensitivity.</summary>
    internal static DiscreteGaussian For(BigInteger squaredL2Sensitivity, NanoRho rho)
    {
        DiscreteGaussian? noise = IfDrawable(GaussianScale.For(squaredL2Sensitivity, rho));
        Domain.Enough(noise, rho);
        return noise!;
    }

    internal BigInteger Sample<TBits>(TBits bits)
        where TBits : IBitSource => (BigInteger)_staircase.Value.Draw(bits);

    internal void Fill<TBits>(Span<long> destination, TBits bits)
        where TBits : IBitSource => _staircase.Value.Fill(destination, bits);
}
