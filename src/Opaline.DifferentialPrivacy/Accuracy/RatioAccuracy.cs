using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Confidence intervals of a ratio of two noisy integers: a mean as noisy centred sum over noisy count. They cover the noise only, not
/// what bounding removed.
/// </summary>
/// <remarks>
/// With S = s + X, C = c + Y and the wanted r = s/c, the difference S − r·C = X − r·Y holds no unknown but r. Splitting the confidence,
/// 1 − α = (1 − α1)(1 − α2), gives |X − r·Y| ≤ h1(α1) + |r|·h2(α2) with chance at least 1 − α, for every split. So for a given r the
/// tightest of many splits may be used: which one it is depends on r alone, not on the draw. The r that are not rejected (E. Fieller, 1954)
/// form the intersection of the intervals of all splits: narrower than the best single split, and unlike a search for the best split after
/// the draw (google/differential-privacy, bounded-mean-ci.cc) it keeps its confidence.
/// </remarks>
public sealed class RatioAccuracy
{
    private const int Splits = 40;

    private readonly (BigInteger Numerator, BigInteger Denominator)[] _halfWidths;

    /// <summary>Prepares the intervals for two independent noises.</summary>
    /// <param name="numerator">The noise of the numerator.</param>
    /// <param name="denominator">The noise of the denominator, independent of it.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public RatioAccuracy(IDiscreteNoise numerator, IDiscreteNoise denominator, double confidence)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        Domain.Confidence(confidence);
        double alpha = 1 - confidence;
        _halfWidths = new (BigInteger, BigInteger)[Splits];
        for (int i = 0; i < Splits; i++)
        {
            double first = alpha * (i + 0.5) / Splits;
            // 1 − α2 = (1 − α)/(1 − α1), without the cancellation; a hair tighter than it, so that rounding cannot lose confidence.
            double second = (alpha - first) / (1 - first) * (1 - RoundUp.Slack);
            _halfWidths[i] = (numerator.HalfWidth(first), denominator.HalfWidth(second));
        }
    }

    /// <summary>
    /// The interval of numerator/denominator; everything where the denominator may be 0 or negative. Take it
    /// <see cref="ConfidenceInterval.Within"/> the public bounds of the ratio.
    /// </summary>
    public ConfidenceInterval Interval(BigInteger noisyNumerator, BigInteger noisyDenominator)
    {
        double low = double.NegativeInfinity;
        double high = double.PositiveInfinity;
        foreach ((BigInteger numerator, BigInteger denominator) in _halfWidths)
        {
            if (noisyDenominator <= denominator)
                continue;
            low = Math.Max(low, -Upper(numerator - noisyNumerator, noisyDenominator, denominator));
            high = Math.Min(high, Upper(noisyNumerator + numerator, noisyDenominator, denominator));
        }
        return new ConfidenceInterval(low, high);
    }

    // The greatest ratio of a numerator of at most `greatest` to a denominator within the half-width. Two conversions and a division err by
    // less than 2^-51 of the result, which is loosened by more.
    private static double Upper(BigInteger greatest, BigInteger noisyDenominator, BigInteger halfWidth)
    {
        double ratio = (double)greatest / (double)(greatest.Sign >= 0 ? noisyDenominator - halfWidth : noisyDenominator + halfWidth);
        return Math.BitIncrement(ratio + (Math.Abs(ratio) * RoundUp.Slack));
    }
}
