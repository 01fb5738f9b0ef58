using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Integer noise, symmetric around 0, drawn exactly. Add it to an exact integer aggregate; scale the sum back to the measure's unit only
/// afterwards. Instances are immutable and may be shared between threads.
/// </summary>
public interface IDiscreteNoise
{
    /// <summary>One draw from the operating system's cryptographic generator.</summary>
    BigInteger Sample();

    /// <summary>
    /// Fills <paramref name="destination"/> with independent draws. The time of a draw depends on the drawn value: draw before the
    /// private aggregate is read.
    /// </summary>
    /// <exception cref="OverflowException">
    /// A draw is beyond 64 bits: at the greatest scale with a chance below e^−8191, elsewhere less.
    /// </exception>
    void Fill(Span<long> destination);

    /// <summary>P(X ≥ <paramref name="t"/>), rounded up by at most 2^−39 of its value.</summary>
    double UpperTail(long t);

    /// <summary>
    /// The least t ≥ 0 with P(|X| &gt; t) ≤ <paramref name="alpha"/>: the half-width of the interval that holds with confidence 1 − alpha.
    /// Where P is within 2^−39 of alpha, the next greater t.
    /// </summary>
    /// <param name="alpha">The chance that |X| is above the half-width, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha lies outside [1e-300, 1).</exception>
    long HalfWidth(double alpha);
}
