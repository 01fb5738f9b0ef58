using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A noisy sum of values on a public grid: every value is rounded to the grid and clamped to its bounds by itself, the indices are summed
/// as integers, and the noise is an integer.
/// <list type="bullet">
/// <item>Input domain: the values of the rows of one group, at most the <see cref="ContributionBounds"/> from each privacy unit.</item>
/// <item>Sensitivity: one row adds or removes at most L∞ = max(|lower|, |upper|) in indices; Δ1 and Δ2 follow from the contribution
/// bounds.</item>
/// <item>Privacy loss: that of the noise at this sensitivity. Scaling back to the unit of the measure is post-processing.</item>
/// <item>Source: Casacuberta, Shoemate, Vadhan, Wagaman, Widespread Underestimation of Sensitivity in Differentially Private Libraries and
/// How to Fix It (CCS 2022, arXiv 2207.10635): integers, clamped one by one, summed without overflow.</item>
/// </list>
/// </summary>
public sealed class BoundedSum
{
    private readonly AdditiveNoise _noise;

    /// <summary>A sum with the given noise.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="noise"><see cref="DiscreteLaplace"/> or <see cref="DiscreteGaussian"/> noise, in steps of the grid.</param>
    /// <exception cref="ArgumentException">The noise is of another kind, or so narrow that the loss is above 9.2·10^9 ρ.</exception>
    public BoundedSum(ValueGrid grid, ContributionBounds bounds, IDiscreteNoise noise)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        Grid = grid;
        BigInteger perRow = PerRow(grid);
        _noise = AdditiveNoise.Of(noise, bounds.L1(perRow), bounds.SquaredL2(perRow));
    }

    /// <summary>The grid and bounds of the values.</summary>
    public ValueGrid Grid { get; }

    /// <summary>The noise of the sum, in steps of the grid.</summary>
    public IDiscreteNoise Noise => _noise.Law;

    /// <summary>The loss of one release over all groups of a unit.</summary>
    public PrivacyLoss Loss => _noise.Loss;

    /// <summary>The pure ε of the release, or null with Gaussian noise.</summary>
    public Rational? Epsilon => _noise.Epsilon;

    /// <summary>A sum with Laplace noise that is purely <paramref name="epsilon"/>-differentially private.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0, so small that the noise would be wider than 2^50 steps, or so great
    /// that a loss is above 9.2·10^9 ρ.</exception>
    public static BoundedSum ForPure(ValueGrid grid, ContributionBounds bounds, Rational epsilon)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        return new BoundedSum(grid, bounds, DiscreteLaplace.ForPure(bounds.L1(PerRow(grid)), epsilon));
    }

    /// <summary>A sum with Gaussian noise whose loss is <paramref name="rho"/>.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is not above 0, or so small that σ² would be above 2^112 steps.</exception>
    public static BoundedSum For(ValueGrid grid, ContributionBounds bounds, NanoRho rho)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        return new BoundedSum(grid, bounds, DiscreteGaussian.For(bounds.SquaredL2(PerRow(grid)), rho));
    }

    /// <summary>One noisy sum of the rows of a group. Every call draws new noise and costs <see cref="Loss"/>.</summary>
    /// <param name="values">The values of the rows, in the unit of the measure. Not a number counts as the lower bound.</param>
    public NoisySum Release(ReadOnlySpan<double> values) => Release(values, CryptographicBits.OfThread);

    internal NoisySum Release(ReadOnlySpan<double> values, IBitSource bits)
    {
        BigInteger noise = _noise.Draw(bits); // before the values are read: its time tells of the noise
        BigInteger sum = Sum(values) + noise;
        return new NoisySum(sum, Grid.Value((double)sum));
    }

    /// <summary>The exact sum in steps: at most 2^31 indices of at most 53 bits, so that it always fits.</summary>
    internal Int128 Sum(ReadOnlySpan<double> values)
    {
        Int128 sum = 0;
        foreach (double value in values)
            sum += Grid.Index(value);
        return sum;
    }

    private static BigInteger PerRow(ValueGrid grid) => BigInteger.Max(BigInteger.Abs(grid.Lower), BigInteger.Abs(grid.Upper));
}
