using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A noisy variance, and so a standard deviation, of values on a public grid: from a noisy count n, a noisy sum S of the distances c from
/// the middle of the bounds and a noisy sum Q of 2c² − w², where |c| ≤ w: variance = (Q/n + w²)/2 − (S/n)² with n at least 1, between 0 and
/// the greatest that the bounds allow. The squares too are taken from their middle, so that their sum has half the sensitivity.
/// <list type="bullet">
/// <item>Input domain: the values of the rows of one group, at most the <see cref="ContributionBounds"/> from each privacy unit.</item>
/// <item>Sensitivity: with w = upper − lower, in halves of a step, one row changes n by 1, S by at most w and Q by at most w², since
/// −w² ≤ 2c² − w² ≤ w²; Δ1 and Δ2 of each follow from the contribution bounds.</item>
/// <item>Privacy loss: the sum of the losses of the three noises, since all three numbers are released. The rest is post-processing.</item>
/// <item>Source: Li, Lyu, Su, Yang, Differential Privacy: From Theory to Practice (2016), section 2.5.5, for the mean; the same for
/// squares.</item>
/// </list>
/// </summary>
public sealed class BoundedVariance
{
    private readonly AdditiveNoise _count;
    private readonly AdditiveNoise _sum;
    private readonly AdditiveNoise _squares;

    /// <summary>A variance with the given noises.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="countNoise"><see cref="DiscreteLaplace"/> or <see cref="DiscreteGaussian"/> noise, in rows.</param>
    /// <param name="sumNoise">The same for the centred sum, in halves of a step.</param>
    /// <param name="squaresNoise">The same for the centred sum of squares, in eighths of a squared step.</param>
    /// <exception cref="ArgumentException">A noise is of another kind, or so narrow that its loss is above 9.2·10^9 ρ.</exception>
    /// <exception cref="OverflowException">The losses together are above 9.2·10^9 ρ.</exception>
    public BoundedVariance(
        ValueGrid grid, ContributionBounds bounds, IDiscreteNoise countNoise, IDiscreteNoise sumNoise, IDiscreteNoise squaresNoise)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        Grid = grid;
        BigInteger square = BigInteger.Pow(grid.Width, 2);
        _count = AdditiveNoise.Of(countNoise, bounds.L1(1), bounds.SquaredL2(1));
        _sum = AdditiveNoise.Of(sumNoise, bounds.L1(grid.Width), bounds.SquaredL2(grid.Width));
        _squares = AdditiveNoise.Of(squaresNoise, bounds.L1(square), bounds.SquaredL2(square));
        Loss = _count.Loss + _sum.Loss + _squares.Loss;
    }

    /// <summary>The grid and bounds of the values.</summary>
    public ValueGrid Grid { get; }

    /// <summary>The noise of the count, in rows.</summary>
    public IDiscreteNoise CountNoise => _count.Law;

    /// <summary>The noise of the centred sum, in halves of a step.</summary>
    public IDiscreteNoise SumNoise => _sum.Law;

    /// <summary>The noise of the centred sum of squares, in eighths of a squared step.</summary>
    public IDiscreteNoise SquaresNoise => _squares.Law;

    /// <summary>The loss of one release over all groups of a unit: of the count, of the sum and of the sum of squares.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The pure ε of the release, of all three numbers, or null where a noise is Gaussian.</summary>
    public Rational? Epsilon => _count.Epsilon + _sum.Epsilon + _squares.Epsilon;

    /// <summary>
    /// A variance with Laplace noise that is purely <paramref name="epsilon"/>-differentially private: a third for each number.
    /// </summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0, so small that a noise would be wider than 2^50, or so great that a
    /// loss is above 9.2·10^9 ρ.</exception>
    public static BoundedVariance ForPure(ValueGrid grid, ContributionBounds bounds, Rational epsilon)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        DiscreteLaplace Noise(BigInteger perRow) => DiscreteLaplace.ForPure(bounds.L1(perRow), epsilon / 3);
        return new BoundedVariance(grid, bounds, Noise(1), Noise(grid.Width), Noise(BigInteger.Pow(grid.Width, 2)));
    }

    /// <summary>A variance with Gaussian noise whose loss is <paramref name="rho"/>: a third for each number.</summary>
    /// <param name="grid">The grid and bounds of the values, public.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="rho">The loss, at least 3 nano-ρ.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is below 3 nano-ρ, or so small that a σ² would be above 2^112: take a coarser
    /// grid.</exception>
    public static BoundedVariance For(ValueGrid grid, ContributionBounds bounds, NanoRho rho)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(bounds);
        NanoRho[] parts = NanoRho.Split(rho, 3);
        DiscreteGaussian Noise(BigInteger perRow, NanoRho part) => DiscreteGaussian.For(bounds.SquaredL2(perRow), part);
        return new BoundedVariance(
            grid, bounds, Noise(1, parts[0]), Noise(grid.Width, parts[1]), Noise(BigInteger.Pow(grid.Width, 2), parts[2]));
    }

    /// <summary>
    /// One noisy variance of the rows of a group. Every call draws new noise and costs <see cref="Loss"/>; an empty group costs the same.
    /// </summary>
    /// <param name="values">The values of the rows, in the unit of the measure. Not a number counts as the lower bound.</param>
    public NoisyVariance Release(ReadOnlySpan<double> values) => Release(values, CryptographicBits.OfThread);

    /// <summary>
    /// The interval that holds the variance of the clamped values with the given confidence, in the squared unit of the measure; all from 0
    /// to the greatest variance that the bounds allow where the group may be empty. Its roots hold the standard deviation. It
    /// covers the noise, not what clamping and contribution bounding removed, and is post-processing: it costs nothing.
    /// </summary>
    /// <remarks>
    /// With r the mean of 2c² − w² and m that of c, the variance (r + w²)/2 − m² is between the extremes that the intervals of both ratios
    /// allow: see <see cref="VarianceAccuracy"/>.
    /// </remarks>
    /// <param name="released">An answer of this mechanism.</param>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public ConfidenceInterval Interval(NoisyVariance released, double confidence)
    {
        ArgumentNullException.ThrowIfNull(released);
        ConfidenceInterval centred = new VarianceAccuracy(CountNoise, SumNoise, SquaresNoise, confidence)
            .Interval(released.Count, released.CentredSum, released.CentredSquares, Grid.Width);
        // Two products with the half step err by far less than the slack.
        double low = InUnits(RoundDown.Tighten(centred.Low));
        return new ConfidenceInterval(low, InUnits(RoundUp.Loosen(centred.High))).Within(0, InUnits((double)Grid.Width * Grid.Width));
    }

    internal NoisyVariance Release(ReadOnlySpan<double> values, IBitSource bits)
    {
        BigInteger count = _count.Draw(bits); // noise before the values are read: its time tells of the noise
        BigInteger sum = _sum.Draw(bits);
        BigInteger squares = _squares.Draw(bits);
        CentredSums exact = CentredSums.Of(Grid, values);
        count += exact.Count;
        sum += exact.Sum;
        squares += exact.CentredSquares(Grid);
        return new NoisyVariance(count, sum, squares, Estimate((double)count, (double)sum, (double)squares));
    }

    /// <summary>The variance of a noisy count, a noisy centred sum and a noisy centred sum of squares.</summary>
    internal double Estimate(double count, double sum, double squares) => InUnits(VarianceAccuracy.Estimate(count, sum, squares, Grid.Width));

    // From squared halves of a step to the squared unit of the measure.
    private double InUnits(double squaredHalfSteps) => squaredHalfSteps * Grid.Value(0.5) * Grid.Value(0.5);
}
