using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Confidence intervals of the variance Q/C − (S/C)² from a noisy count C, a noisy sum S and a noisy sum of squares Q, best of values from
/// which a public middle was subtracted. They cover the noise only, not what bounding removed.
/// </summary>
/// <remarks>
/// Each of the two ratios gets half of the chance of error, so both intervals hold together with the confidence asked for, although they
/// share the noise of the count; the variance is then between the extremes of their difference, and not negative.
/// </remarks>
public sealed class VarianceAccuracy
{
    private readonly RatioAccuracy _mean;
    private readonly RatioAccuracy _meanSquare;

    /// <summary>Prepares the intervals for three independent noises.</summary>
    /// <param name="count">The noise of the count.</param>
    /// <param name="sum">The noise of the sum.</param>
    /// <param name="sumOfSquares">The noise of the sum of squares.</param>
    /// <param name="confidence">In (0, 1 − 2^−52], for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside its range.</exception>
    public VarianceAccuracy(IDiscreteNoise count, IDiscreteNoise sum, IDiscreteNoise sumOfSquares, double confidence)
    {
        ArgumentNullException.ThrowIfNull(count);
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(sumOfSquares);
        Domain.Confidence(confidence);
        double each = 0.5 + (confidence / 2);
        if (each == 1)
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "confidence must be in (0, 1 − 2^−52].");
        _mean = new RatioAccuracy(sum, count, each);
        _meanSquare = new RatioAccuracy(sumOfSquares, count, each);
    }

    /// <summary>The interval of the variance; up to infinity where the count may be 0 or negative.</summary>
    public ConfidenceInterval Interval(BigInteger noisyCount, BigInteger noisySum, BigInteger noisySumOfSquares)
    {
        ConfidenceInterval mean = _mean.Interval(noisySum, noisyCount);
        ConfidenceInterval meanSquare = _meanSquare.Interval(noisySumOfSquares, noisyCount);
        if (double.IsInfinity(mean.High) || double.IsInfinity(meanSquare.High))
            return new ConfidenceInterval(0, double.PositiveInfinity);
        return Difference(mean, meanSquare);
    }

    /// <summary>
    /// The same from a noisy sum of 2c² − w² over distances c with |c| ≤ w: the mean square is then half of w² plus that ratio. Both ratios
    /// are taken within their ranges, so that the interval always has an end.
    /// </summary>
    /// <param name="noisyCount">The noisy number of rows.</param>
    /// <param name="noisySum">The noisy sum of c.</param>
    /// <param name="noisyCentredSquares">The noisy sum of 2c² − w².</param>
    /// <param name="greatest">w, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">w is not above 0.</exception>
    public ConfidenceInterval Interval(BigInteger noisyCount, BigInteger noisySum, BigInteger noisyCentredSquares, long greatest)
    {
        Domain.Within(greatest, 1, long.MaxValue);
        double square = RoundUp.Loosen((double)greatest * greatest);
        ConfidenceInterval mean = _mean.Interval(noisySum, noisyCount).Within(-Math.BitIncrement(greatest), Math.BitIncrement(greatest));
        ConfidenceInterval centred = _meanSquare.Interval(noisyCentredSquares, noisyCount).Within(-square, square);
        // Here w² is known within 2^−39 of itself, which is also more than the rounding of the sums.
        double slack = square * 2 * RoundUp.Slack;
        return Difference(mean, new ConfidenceInterval(((centred.Low + square) / 2) - slack, ((centred.High + square) / 2) + slack));
    }

    /// <summary>The variance itself from the same three numbers, with a count of at least 1, within [0, w²].</summary>
    /// <param name="noisyCount">The noisy number of rows.</param>
    /// <param name="noisySum">The noisy sum of c.</param>
    /// <param name="noisyCentredSquares">The noisy sum of 2c² − w².</param>
    /// <param name="greatest">w, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">w is not above 0.</exception>
    public static double Estimate(BigInteger noisyCount, BigInteger noisySum, BigInteger noisyCentredSquares, long greatest)
    {
        Domain.Within(greatest, 1, long.MaxValue);
        return Estimate((double)noisyCount, (double)noisySum, (double)noisyCentredSquares, (double)greatest);
    }

    internal static double Estimate(double count, double sum, double centredSquares, double greatest)
    {
        double rows = Math.Max(1, count);
        double mean = sum / rows;
        return Math.Clamp((((centredSquares / rows) + (greatest * greatest)) / 2) - (mean * mean), 0, greatest * greatest);
    }

    private static ConfidenceInterval Difference(ConfidenceInterval mean, ConfidenceInterval meanSquare)
    {
        double most = Math.Max(Math.Abs(mean.Low), Math.Abs(mean.High));
        double least = mean.Low <= 0 && mean.High >= 0 ? 0 : Math.Min(Math.Abs(mean.Low), Math.Abs(mean.High));
        double low = Math.BitDecrement(meanSquare.Low - Math.BitIncrement(most * most));
        double high = Math.BitIncrement(meanSquare.High - RoundDown.Multiply(least, least));
        return new ConfidenceInterval(Math.Max(0, low), Math.Max(0, high));
    }
}
