using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The answer of <see cref="BoundedVariance"/>. All of it was paid for: the noisy count may be shown too.</summary>
/// <param name="Count">The noisy number of rows; it may be 0 or negative.</param>
/// <param name="CentredSum">The noisy sum of the distances from the middle of the bounds, in halves of a step.</param>
/// <param name="CentredSquares">The noisy sum of 2c² − w², c being these distances and w the greatest one, in eighths of a squared
/// step.</param>
/// <param name="Variance">The population variance in the squared unit of the measure, between 0 and the greatest that the bounds
/// allow.</param>
public sealed record NoisyVariance(BigInteger Count, BigInteger CentredSum, BigInteger CentredSquares, double Variance)
{
    /// <summary>The standard deviation in the unit of the measure.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);
}
