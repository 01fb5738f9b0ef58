using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Bounded standard deviations. The first twin's data set has the file's factor times the sensitivity of the count as many values at the
/// lower bound, and its neighbour as many more at the upper one. Both twins are of the estimate for which the file's factors were found
/// (BoundedStdvDpTestCasesValidityTest.java): no bounds but 0 on the variance, and the variance from a sum of squares that are not centred,
/// although the noise is that of a sum of centred ones, half as wide as it would have to be.
/// </summary>
/// <param name="target">What is promised.</param>
/// <param name="variance">The mechanism.</param>
/// <param name="entries">The data set.</param>
/// <param name="neighbour">Its neighbour.</param>
/// <param name="sensitivity">That of the count.</param>
/// <param name="granularity">Standard deviations are rounded to its multiples.</param>
internal sealed class DeviationTrial(
    DpTarget target, BoundedVariance variance, double[] entries, double[] neighbour, double sensitivity, double granularity) : ITrial
{
    private readonly Sums _statistic = Statistic(variance, entries);
    private readonly Sums _neighbour = Statistic(variance, neighbour);

    public IReadOnlyList<Claim> Claims => DpTarget.Claims;

    public bool[] Vote()
    {
        using Buffers buffers = new(target.Samples);
        Noises left = Draw(buffers);
        Noises right = Draw(buffers);
        Span<long> discreteLeft = buffers.Empty();
        Span<long> discreteRight = buffers.Empty();
        Discretize(left, _statistic, discreteLeft);
        Discretize(right, _neighbour, discreteRight);
        bool accepted = target.Accepts(discreteLeft, discreteRight);
        DiscretizeTwin(left, default, discreteLeft);
        DiscretizeTwin(right, default, discreteRight);
        new Coins().Fail(discreteLeft, discreteRight, target.FailureChance);
        bool failing = target.Accepts(discreteLeft, discreteRight);
        double bound = variance.Grid.Width;
        double rows = target.Distance * sensitivity;
        DiscretizeTwin(left, new Sums(rows, -rows * bound, 2 * rows * bound * bound), discreteLeft);
        DiscretizeTwin(right, new Sums(2 * rows, 0, 4 * rows * bound * bound), discreteRight);
        return [accepted, target.Accepts(discreteLeft, discreteRight), failing];
    }

    private Noises Draw(Buffers buffers) =>
        new(buffers.Filled(variance.CountNoise), buffers.Filled(variance.SumNoise), buffers.Filled(variance.SquaresNoise));

    private void Discretize(Noises noise, Sums exact, Span<long> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            double estimate = variance.Estimate(exact.Count + noise.Count[i], exact.Sum + noise.Sum[i], exact.Squares + noise.Squares[i]);
            samples[i] = (long)Math.Floor((Math.Sqrt(estimate) / granularity) + 0.5);
        }
    }

    // Sums of squares are doubled here, so that the noise is in their unit.
    private void DiscretizeTwin(Noises noise, Sums exact, Span<long> samples)
    {
        double unit = variance.Grid.Value(0.5) / granularity;
        for (int i = 0; i < samples.Length; i++)
        {
            double rows = Math.Max(1, exact.Count + noise.Count[i]);
            double mean = (exact.Sum + noise.Sum[i]) / rows;
            double estimate = ((exact.Squares + noise.Squares[i]) / (2 * rows)) - (mean * mean);
            samples[i] = (long)Math.Floor((Math.Sqrt(Math.Max(0, estimate)) * unit) + 0.5);
        }
    }

    private static Sums Statistic(BoundedVariance variance, double[] entries)
    {
        CentredSums sums = CentredSums.Of(variance.Grid, entries);
        return new Sums(sums.Count, (double)sums.Sum, (double)sums.CentredSquares(variance.Grid));
    }

    private readonly record struct Sums(double Count, double Sum, double Squares);

    private readonly ref struct Noises(ReadOnlySpan<long> count, ReadOnlySpan<long> sum, ReadOnlySpan<long> squares)
    {
        public ReadOnlySpan<long> Count { get; } = count;

        public ReadOnlySpan<long> Sum { get; } = sum;

        public ReadOnlySpan<long> Squares { get; } = squares;
    }
}
