using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A noisy mean of values on a public grid: a noisy count and a noisy sum of the distances from the middle m of the bounds, so that the sum
/// has half the sensitivity; mean = m + sum/max(1, count), within the bounds.
/// <list type="bullet">
/// <item>Input domain: the values of the rows of one group, at most the <see cref="ContributionBounds"/> from each privacy unit.</item>
/// <item>Sensitivity: one row changes the count by 1 and the centred sum by at most upper − lower, in halves of a step; Δ1 and Δ2 of each
/// follow from the contribution bounds.</item>
/// <item>Privacy loss: the sum of the losses of both noises, since both numbers are released. The quotient is post-processing.</item>
/// <item>Source: Li, Lyu, Su, Yang, Differential Privacy: From Theory to Practice (2016), section 2.5.5, algorithm 2.4.</item>
/// </list>
/// </summary>
public sealed class BoundedMean
{
    private readonly AdditiveNoise _count;
    private readonly AdditiveNoise _sum;

    /// <summary>A mean with the given noises.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="countNoise"><see cref="DiscreteLaplace"/> or <see cref="DiscreteGaussian"/> noise, in rows.</param>
    /// <param name="sumNoise">The same for the centred sum, in halves of a step.</param>
    /// <exception cref="ArgumentException">A noise is of another kind, or so narrow that its loss is above 9.2·10^9 ρ.</exception>
    /// <exception cref="OverflowException">The losses together are above 9.2·10^9 ρ.</exception>
    public BoundedMean(ValueGrid grid, ContributionBounds bounds, IDiscreteNoise countNoise, IDiscreteNoise sumNoise)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        Grid = grid;
        _count = AdditiveNoise.Of(countNoise, bounds.L1(1), bounds.SquaredL2(1));
        _sum = AdditiveNoise.Of(sumNoise, bounds.L1(grid.Width), bounds.SquaredL2(grid.Width));
        Loss = _count.Loss + _sum.Loss;
    }

    /// <summary>The grid and bounds of the values.</summary>
    public ValueGrid Grid { get; }

    /// <summary>The noise of the count, in rows.</summary>
    public IDiscreteNoise CountNoise => _count.Law;

    /// <summary>The noise of the centred sum, in halves of a step.</summary>
    public IDiscreteNoise SumNoise => _sum.Law;

    /// <summary>The loss of one release over all groups of a unit: of the count and of the sum.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The pure ε of the release, of the count and of the sum, or null where a noise is Gaussian.</summary>
    public Rational? Epsilon => _count.Epsilon + _sum.Epsilon;

    /// <summary>
    /// A mean with Laplace noise that is purely <paramref name="epsilon"/>-differentially private: one half for the count, one for the sum.
    /// </summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0, so small that a noise would be wider than 2^50, or so great that a
    /// loss is above 9.2·10^9 ρ.</exception>
    public static BoundedMean ForPure(ValueGrid grid, ContributionBounds bounds, Rational epsilon)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        DiscreteLaplace Noise(BigInteger perRow) => DiscreteLaplace.ForPure(bounds.L1(perRow), epsilon / 2);
        return new BoundedMean(grid, bounds, Noise(1), Noise(grid.Width));
    }

    /// <summary>A mean with Gaussian noise whose loss is <paramref name="rho"/>: one half for the count, one for the sum.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="rho">The loss, at least 2 nano-ρ.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is below 2 nano-ρ, or so small that a σ² would be above 2^112.</exception>
    public static BoundedMean For(ValueGrid grid, ContributionBounds bounds, NanoRho rho)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        NanoRho[] parts = NanoRho.Split(rho, 2);
        DiscreteGaussian Noise(BigInteger perRow, NanoRho part) => DiscreteGaussian.For(bounds.SquaredL2(perRow), part);
        return new BoundedMean(grid, bounds, Noise(1, parts[0]), Noise(grid.Width, parts[1]));
    }

    /// <summary>
    /// One noisy mean of the rows of a group. Every call draws new noise and costs <see cref="Loss"/>; an empty group costs the same.
    /// </summary>
    /// <param name="values">The values of the rows, in the unit of the measure. Not a number counts as the lower bound.</param>
    public NoisyMean Release(ReadOnlySpan<double> values) => Release(values, CryptographicBits.OfThread);

    /// <summary>
    /// The interval that holds the mean of the clamped values with the given confidence; all of the bounds where the group may be empty. It
    /// covers the noise, not what clamping and contribution bounding removed.
    /// </summary>
    /// <param name="release">An answer of this mechanism.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public ConfidenceInterval Interval(NoisyMean release, double confidence)
    {
        ArgumentNullException.ThrowIfNull(release);
        ConfidenceInterval centred = new RatioAccuracy(SumNoise, CountNoise, confidence)
            .Interval(release.CentredSum, release.Count)
            .Within(-Grid.Width, Grid.Width);
        // Three operations on numbers of up to 2^54 halves of a step err by far less than the slack.
        double slack = Grid.Value(Math.Abs((double)Grid.Lower) + Math.Abs((double)Grid.Upper)) * RoundUp.Slack;
        return new ConfidenceInterval(Grid.ValueOfCentred(centred.Low) - slack, Grid.ValueOfCentred(centred.High) + slack)
            .Within(Grid.Value(Grid.Lower), Grid.Value(Grid.Upper));
    }

    internal NoisyMean Release(ReadOnlySpan<double> values, IBitSource bits)
    {
        BigInteger count = _count.Draw(bits); // noise before the values are read: its time tells of the noise
        BigInteger sum = _sum.Draw(bits);
        CentredSums exact = CentredSums.Of(Grid, values);
        count += exact.Count;
        sum += exact.Sum;
        return new NoisyMean(count, sum, Estimate((double)count, (double)sum));
    }

    /// <summary>The mean of a noisy count and a noisy centred sum.</summary>
    internal double Estimate(double count, double sum) =>
        Grid.ValueOfCentred(Math.Clamp(sum / Math.Max(1, count), -Grid.Width, Grid.Width));
}
