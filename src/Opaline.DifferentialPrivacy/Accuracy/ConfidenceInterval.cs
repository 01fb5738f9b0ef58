using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// An interval that holds the noiseless value with a stated confidence. The ends are rounded outwards and may be infinite.
/// </summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>
    /// The interval of a statistic with noise on it: ± <see cref="IDiscreteNoise.HalfWidth"/>. It covers the noise only, not what bounding
    /// removed.
    /// </summary>
    /// <param name="noisy">The noisy statistic.</param>
    /// <param name="noise">Its noise.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public static ConfidenceInterval Of(BigInteger noisy, IDiscreteNoise noise, double confidence)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Around(noisy, noise.HalfWidth(Domain.AlphaOf(confidence)));
    }

    /// <summary>The part of the interval inside public bounds: no knowledge is lost, since the value is known to lie there.</summary>
    public ConfidenceInterval Within(double lower, double upper) => new(Math.Clamp(Low, lower, upper), Math.Clamp(High, lower, upper));

    internal static ConfidenceInterval Around(BigInteger middle, BigInteger halfWidth) =>
        new(Rational.FromInteger(middle - halfWidth).ToDoubleDown(), Rational.FromInteger(middle + halfWidth).ToDoubleUp());
}
