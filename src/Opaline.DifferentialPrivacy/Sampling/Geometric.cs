using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Exact geometric numbers: P(x) = (1 − a)·a^x on the integers x ≥ 0, a = e^(−1/s): waiting times, and one side of
/// <see cref="DiscreteLaplace"/>.
/// <list type="bullet">
/// <item>Input domain: none; it is a law, not a mechanism.</item>
/// <item>Sensitivity and privacy loss: a statistic is not protected by adding it alone. The sum is never below the statistic, so that two
/// neighbours that differ by Δ are told apart with chance 1 − a^Δ.</item>
/// <item>Source: the magnitudes of Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (arXiv 2004.00010), algorithm
/// 2. Draws are exact; see <see cref="Staircase"/>.</item>
/// </list>
/// Instances are immutable and may be shared between threads.
/// </summary>
public sealed class Geometric
{
    private readonly Rational _rate;
    private readonly Lazy<Staircase> _staircase;

    /// <summary>The law of the given scale.</summary>
    /// <param name="scale">s, exact, in (0, 2^50]; the mean is 1/(e^(1/s) − 1), about s where s is great.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale lies outside (0, 2^50].</exception>
    public Geometric(Rational scale)
    {
        Domain.Scale(scale, DiscreteLaplace.GreatestScalePower);
        Scale = scale;
        _rate = 1 / scale;
        _staircase = new(() => Staircase.OneSided(Decay.Geometric(scale)), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <summary>One draw from the operating system's cryptographic generator.</summary>
    public BigInteger Sample() => (BigInteger)_staircase.Value.Draw(DirectBits.OfThread);

    /// <summary>Fills <paramref name="destination"/> with independent draws. The time of a draw depends on the drawn value.</summary>
    /// <exception cref="OverflowException">A draw is above 2^63 − 1: with a chance below e^−8191.</exception>
    public void Fill(Span<long> destination) => Fill(destination, DirectBits.OfThread);

    /// <summary>P(X ≥ <paramref name="t"/>), rounded up by at most 2^−39 of its value.</summary>
    public double UpperTail(long t) => t <= 0 ? 1 : Math.Min(1, RoundUp.Loosen(Math.Exp(-(_rate * t).ToDoubleDown())));

    internal void Fill<TBits>(Span<long> destination, TBits bits)
        where TBits : IBitSource => _staircase.Value.Fill(destination, bits);
}
