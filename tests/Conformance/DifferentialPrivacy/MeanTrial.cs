using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Bounded means. The first twin's data set has one value at the one bound, and its neighbour the file's factor times the sensitivity of
/// the count more at the other one: count and sum both differ by too much. Both twins leave the mean unclamped, as does the estimate for
/// which the file's factors were found (BoundedMeanDpTestCasesValidityTest.java).
/// </summary>
/// <param name="target">What is promised.</param>
/// <param name="mean">The mechanism.</param>
/// <param name="entries">The data set.</param>
/// <param name="neighbour">Its neighbour.</param>
/// <param name="sensitivity">That of the count.</param>
/// <param name="granularity">Means are rounded to its multiples.</param>
internal sealed class MeanTrial(
    DpTarget target, BoundedMean mean, double[] entries, double[] neighbour, double sensitivity, double granularity) : ITrial
{
    private readonly (double Count, double Sum) _statistic = Statistic(mean, entries);
    private readonly (double Count, double Sum) _neighbour = Statistic(mean, neighbour);

    public IReadOnlyList<Claim> Claims => DpTarget.Claims;

    public bool[] Vote()
    {
        using Buffers buffers = new(target.Samples);
        Noises left = new(buffers.Filled(mean.CountNoise), buffers.Filled(mean.SumNoise));
        Noises right = new(buffers.Filled(mean.CountNoise), buffers.Filled(mean.SumNoise));
        Span<long> discreteLeft = buffers.Empty();
        Span<long> discreteRight = buffers.Empty();
        Discretize(left, _statistic, discreteLeft);
        Discretize(right, _neighbour, discreteRight);
        bool accepted = target.Accepts(discreteLeft, discreteRight);
        DiscretizeTwin(left, (0, 0), discreteLeft);
        DiscretizeTwin(right, (0, 0), discreteRight);
        new Coins().Fail(discreteLeft, discreteRight, target.FailureChance);
        bool failing = target.Accepts(discreteLeft, discreteRight);
        double bound = mean.Grid.Width;
        double extra = target.Distance * sensitivity;
        DiscretizeTwin(left, (1, bound), discreteLeft);
        DiscretizeTwin(right, (1 + extra, (1 - extra) * bound), discreteRight);
        return [accepted, target.Accepts(discreteLeft, discreteRight), failing];
    }

    private void Discretize(Noises noise, (double Count, double Sum) exact, Span<long> samples)
    {
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (long)Math.Floor((mean.Estimate(exact.Count + noise.Count[i], exact.Sum + noise.Sum[i]) / granularity) + 0.5);
    }

    private void DiscretizeTwin(Noises noise, (double Count, double Sum) exact, Span<long> samples)
    {
        double unit = mean.Grid.Value(0.5) / granularity;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (long)Math.Floor(((exact.Sum + noise.Sum[i]) / Math.Max(1, exact.Count + noise.Count[i]) * unit) + 0.5);
    }

    private static (double Count, double Sum) Statistic(BoundedMean mean, double[] entries)
    {
        CentredSums sums = CentredSums.Of(mean.Grid, entries);
        return (sums.Count, (double)sums.Sum);
    }

    private readonly ref struct Noises(ReadOnlySpan<long> count, ReadOnlySpan<long> sum)
    {
        public ReadOnlySpan<long> Count { get; } = count;

        public ReadOnlySpan<long> Sum { get; } = sum;
    }
}
