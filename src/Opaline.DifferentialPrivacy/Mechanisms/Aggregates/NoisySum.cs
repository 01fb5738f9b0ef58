using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The answer of <see cref="BoundedSum"/>.</summary>
/// <param name="Sum">The noisy sum in steps of the grid, exact.</param>
/// <param name="Value">The same in the unit of the measure.</param>
public sealed record NoisySum(BigInteger Sum, double Value);
