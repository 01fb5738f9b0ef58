using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The answer of <see cref="BoundedMean"/>. All of it was paid for: the noisy count may be shown too.</summary>
/// <param name="Count">The noisy number of rows; it may be 0 or negative.</param>
/// <param name="CentredSum">The noisy sum of the distances from the middle of the bounds, in halves of a step.</param>
/// <param name="Mean">The mean in the unit of the measure, within its bounds.</param>
public sealed record NoisyMean(BigInteger Count, BigInteger CentredSum, double Mean);
