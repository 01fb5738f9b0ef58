using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact discrete Laplace noise: P(x) = (1 − a)/(1 + a)·a^|x| on the integers, a = e^(−1/s).
/// <list type="bullet">
/// <item>Input domain: an integer statistic.</item>
/// <item>Sensitivity: Δ1, the most that one privacy unit changes it (the sum of changes over all values released with it).</item>
/// <item>Privacy loss: pure ε-DP with ε = Δ1/s, hence ρ-zCDP with ρ = ε²/2 (Bun and Steinke 2016, proposition 1.4).</item>
/// <item>Source: Ghosh, Roughgarden, Sundararajan, Universally Utility-Maximizing Privacy Mechanisms (2009), where it is the two-sided
/// geometric mechanism. Draws are exact; see <see cref="Staircase"/>.</item>
/// </list>
/// </summary>
public sealed class DiscreteLaplace : IDiscreteNoise
{
    // A draw beyond 64 bits then has a chance of e^-8192.
    internal const int GreatestScalePower = 50;

    private readonly Lazy<Staircase> _staircase;
    private readonly LaplaceTail _tail;

    /// <summary>Noise of the given scale.</summary>
    /// <param name="scale">s, exact, in (0, 2^50].</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale lies outside (0, 2^50].</exception>
    public DiscreteLaplace(Rational scale)
    {
        Domain.Scale(scale, GreatestScalePower);
        Scale = scale;
        _staircase = new(() => Staircase.TwoSided(Decay.Geometric(scale)), LazyThreadSafetyMode.PublicationOnly);
        _tail = new LaplaceTail(scale);
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <inheritdoc/>
    public BigInteger Sample() => Sample(DirectBits.OfThread);

    /// <inheritdoc/>
    public void Fill(Span<long> destination) => Fill(destination, DirectBits.OfThread);

    /// <inheritdoc/>
    public double UpperTail(long t) => _tail.Upper(t);

    /// <inheritdoc/>
    public long HalfWidth(double alpha) => TailSearch.HalfWidth(_tail.Upper, alpha);

    /// <summary>Whether it is the same law.</summary>
    public override bool Equals(object? obj) => obj is DiscreteLaplace other && other.Scale == Scale;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(DiscreteLaplace), Scale);

    /// <summary>The noise, or null where the scale is above the range.</summary>
    internal static DiscreteLaplace? IfDrawable(Rational scale) =>
        scale <= BigInteger.One << GreatestScalePower ? new(scale) : null;

    /// <summary>The noise that is purely ε-private at a given sensitivity.</summary>
    internal static DiscreteLaplace ForPure(BigInteger l1Sensitivity, Rational epsilon)
    {
        DiscreteLaplace? noise = IfDrawable(LaplaceScale.ForPure(l1Sensitivity, epsilon));
        Domain.Countable(epsilon * epsilon / 2, epsilon);
        Domain.Enough(noise, epsilon);
        return noise!;
    }

    internal Int128 Draw<TBits>(TBits bits)
        where TBits : IBitSource => _staircase.Value.Draw(bits);

    internal BigInteger Sample<TBits>(TBits bits)
        where TBits : IBitSource => (BigInteger)Draw(bits);

    internal void Fill<TBits>(Span<long> destination, TBits bits)
        where TBits : IBitSource => _staircase.Value.Fill(destination, bits);
}
