using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Quantiles;

public class QuantileTreeTests
{
    private static QuantileTree Silent(double lower, double upper, int branching, int height) =>
        new(lower, upper, branching, height, ContributionBounds.OneRow, TestNoise.Silent);

    [Fact]
    public void Without_noise_quantiles_are_those_of_the_values_to_within_a_leaf()
    {
        QuantileTree tree = Silent(0, 1024, 16, 2);
        NoisyQuantiles quantiles = tree.Release([.. Enumerable.Range(0, 1024).Select(i => (double)i)]);
        Assert.Equal(512, quantiles.Quantile(0.5), 4.0);
        Assert.Equal(102.4, quantiles.Quantile(0.1), 4.0);
        Assert.Equal(921.6, quantiles.Quantile(0.9), 4.0);
        Assert.Equal(0.005 * 1024, quantiles.Quantile(0), 4.0); // ranks are taken within [0.005, 0.995]
        Assert.Equal(0.995 * 1024, quantiles.Quantile(1), 4.0);
        Assert.Equal(quantiles.Quantile(0.005), quantiles.Quantile(0));
    }

    [Fact]
    public void A_tree_that_was_counted_elsewhere_reads_the_same()
    {
        QuantileTree tree = Silent(0, 1024, 16, 2);
        double[] values = [.. Enumerable.Range(0, 700).Select(i => i * 1.3)];
        tree.PrepareIntervals(0.95);
        (NoisyQuantiles released, NoisyQuantiles read) = (tree.Release(values), tree.Read(tree.Count(values)));
        foreach (double rank in (double[])[0.01, 0.3, 0.5, 0.99])
        {
            Assert.Equal(released.Quantile(rank), read.Quantile(rank));
            Assert.Equal(released.Interval(rank, 0.95), read.Interval(rank, 0.95));
        }

        Assert.Throws<ArgumentException>(() => tree.Read(new long[tree.Nodes - 1]));
    }

    [Fact]
    public void An_empty_group_reads_as_evenly_spread()
    {
        NoisyQuantiles quantiles = Silent(-10, 30, 4, 3).Release([]);
        Assert.Equal(10, quantiles.Quantile(0.5), 1e-9);
        Assert.Equal(0, quantiles.Quantile(0.25), 1e-9);
    }

    [Fact]
    public void A_single_value_is_found_to_within_its_leaf()
    {
        NoisyQuantiles quantiles = Silent(0, 81, 3, 4).Release([40.5]);
        Assert.Equal(40.5, quantiles.Quantile(0.5), 1e-9); // leaf [40, 41)
        Assert.InRange(quantiles.Quantile(0.99), 40, 41);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-1e308, 0)]
    [InlineData(0.0, 0)]
    [InlineData(0.49, 1)]
    [InlineData(1.0, 3)]
    [InlineData(double.MaxValue, 3)]
    [InlineData(double.PositiveInfinity, 3)]
    public void Every_value_has_a_leaf(double value, int leaf)
    {
        long[] rows = Silent(0, 1, 2, 2).Count([value]);
        Assert.Equal(1, rows[2 + leaf]);
        Assert.Equal(1, rows[leaf / 2]);
        Assert.Equal(2, rows.Sum());
    }

    [Fact]
    public void A_row_changes_one_node_of_each_level_by_one() =>
        Gen.Double.Array[0, 30].Select(Gen.Double).Sample((values, one) =>
        {
            QuantileTree tree = Silent(-5, 5, 3, 4);
            long[] changes = [.. tree.Count([.. values, one]).Zip(tree.Count(values), (with, without) => with - without)];
            Assert.All(changes, change => Assert.InRange(change, 0, 1));
            Assert.Equal([1, 1, 1, 1], LevelSums(changes, 3, 4));
        });

    [Fact]
    public void Quantiles_rise_with_the_rank_and_stay_in_the_range_whatever_the_noise()
    {
        QuantileTree tree = QuantileTree.ForPure(-7, 11, ContributionBounds.OneRow, new Rational(1, 10), 4, 3);
        for (int i = 0; i < 300; i++)
        {
            NoisyQuantiles quantiles = tree.Release([.. Enumerable.Repeat(3.0, i)]);
            double last = -7;
            for (int rank = 0; rank <= 200; rank++)
            {
                double value = quantiles.Quantile(rank / 200.0);
                Assert.InRange(value, last - 1e-9, 11);
                last = value;
            }
        }
    }

    [Fact]
    public void Children_with_next_to_nothing_are_taken_for_empty()
    {
        QuantileTree tree = Silent(0, 4, 4, 1);
        // 7 of 1,000 rows are below 0.75 %, 8 are not.
        Assert.InRange(tree.Noisy([7, 0, 0, 993], new long[4]).Quantile(0.005), 3, 4);
        Assert.InRange(tree.Noisy([8, 0, 0, 992], new long[4]).Quantile(0.005), 0, 1);
        Assert.Equal(2, tree.Noisy(new long[4], [-5, -5, -5, 14]).Quantile(0.5), 1e-9); // a total below 0: empty
    }

    // A twin that forgets the groups, the levels or the rows of a unit in a group claims less than the worst event shows.
    [Fact]
    public void The_loss_is_over_all_levels_groups_and_rows()
    {
        ContributionBounds bounds = new(3, 5);
        QuantileTree laplace = QuantileTree.ForPure(0, 1, bounds, 2, 8, 4);
        double shown = JointTails.LogRatio((laplace.Noise, 5, 3 * 4));
        Assert.Equal(2, laplace.Epsilon);
        Assert.Equal(PrivacyLoss.OfPure(2), laplace.Loss);
        Assert.Equal(2, shown, 1e-9);
        Assert.All([3, 4, 5], forgotten => Assert.True(shown > (2.0 / forgotten) + 1e-9));
        QuantileTree gaussian = QuantileTree.For(0, 1, bounds, new NanoRho(777), 8, 4);
        Assert.Equal(777, gaussian.Loss.Rho.Value);
        Assert.Equal(gaussian.Loss.Rho.Rho, JointTails.Rho((gaussian.Noise, 5, 3 * 4)));
        Assert.Null(gaussian.Epsilon);
    }

    // Chi-square at a false-alarm chance below 1e-9.
    [Fact]
    public void The_noise_of_a_node_covers_groups_and_levels()
    {
        QuantileTree tree = QuantileTree.ForPure(0, 1, new ContributionBounds(2, 1), 1, 2, 2);
        Assert.Equal(4, ((DiscreteLaplace)tree.Noise).Scale);
        long[] noise = new long[60_000];
        tree.Noise.Fill(noise);
        Assert.False(ChiSquare.Rejects(noise, DirectLaw.Laplace(4).UpperTail, 0, 1));
        Assert.True(ChiSquare.Rejects(noise, DirectLaw.Laplace(2).UpperTail, 0, 1), "a twin that forgets the groups");
    }

    [Fact]
    public void Without_noise_an_interval_is_of_the_leaves_that_may_hold_the_quantile()
    {
        NoisyQuantiles quantiles = Silent(0, 1024, 16, 2).Release([.. Enumerable.Range(0, 1024).Select(i => (double)i)]);
        AssertNear(508, 516, quantiles.Interval(0.5, 0.95)); // 511 and 512 are both medians, on the two sides of the end of a leaf
        AssertNear(100, 104, quantiles.Interval(0.1, 0.95));
        AssertNear(0, 4, quantiles.Interval(0, 0.95));
        AssertNear(1020, 1024, quantiles.Interval(1, 0.95));
        AssertNear(40, 41, Silent(0, 81, 3, 4).Release([40.5]).Interval(0.5, 0.95));
    }

    [Fact]
    public void An_interval_of_an_empty_group_is_the_whole_range()
    {
        Assert.Equal(new ConfidenceInterval(-10, 30), Silent(-10, 30, 4, 3).Release([]).Interval(0.5, 0.95));
        QuantileTree tree = QuantileTree.ForPure(-10, 30, ContributionBounds.OneRow, 1, 4, 3);
        NoisyQuantiles quantiles = tree.Release([]);
        Assert.All([0, 0.3, 1], rank => Assert.Equal(new ConfidenceInterval(-10, 30), quantiles.Interval(rank, 1 - 1e-10)));
    }

    // One end of a leaf that exactly a sixteenth of the rows is before: to pass it from either side is an error. 4,000 runs at 90 %: above
    // 14 % of errors has a chance below e^-31 (Chernoff). The twin errs in about 20 % of the runs, a side with P(X > 32) at scale 20: at
    // 19 %, 14 % or fewer has a chance below e^-34.
    [Fact]
    public void Intervals_cover_the_quantile_and_a_twin_with_half_the_noise_does_not()
    {
        QuantileTree tree = new(0, 2, 2, 1, ContributionBounds.OneRow, new DiscreteLaplace(20));
        QuantileTree twin = new(0, 2, 2, 1, ContributionBounds.OneRow, new DiscreteLaplace(10));
        long[] rows = [1_000, 15_000];
        const int Runs = 4_000;
        int missed = 0;
        int missedByTwin = 0;
        long[] noise = new long[2];
        for (int i = 0; i < Runs; i++)
        {
            tree.Noise.Fill(noise);
            missed += tree.Noisy(rows, noise).Interval(1.0 / 16, 0.9) == new ConfidenceInterval(0, 2) ? 0 : 1;
            missedByTwin += twin.Noisy(rows, noise).Interval(1.0 / 16, 0.9) == new ConfidenceInterval(0, 2) ? 0 : 1;
        }
        Assert.True(missed <= Runs * 0.14, $"{missed} of {Runs}");
        Assert.True(missedByTwin > Runs * 0.14, $"{missedByTwin} of {Runs}");
    }

    // 400 releases at 90 %: above 22 % of errors has a chance below e^-24 (Chernoff) for each rank, below 1e-9 for all of them. A width
    // above 24 of 64 takes nodes with more than a hundred rows of noise, whose scale is below 4.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Intervals_of_a_deep_tree_cover_the_quantiles_of_the_values_and_tell_where_they_are(bool laplace)
    {
        QuantileTree tree = laplace
            ? QuantileTree.ForPure(0, 64, ContributionBounds.OneRow, 2, 4, 3)
            : QuantileTree.For(0, 64, ContributionBounds.OneRow, new NanoRho(500_000_000), 4, 3);
        double[] values = [.. Enumerable.Range(0, 2_001).Select(i => 64 * Math.Pow(i / 2_001.0, 2))];
        foreach (double rank in (double[])[0.02, 0.25, 0.5, 0.9])
        {
            double exact = values[(int)Math.Floor(rank * values.Length)];
            int missed = 0;
            for (int i = 0; i < 400; i++)
            {
                ConfidenceInterval interval = tree.Release(values).Interval(rank, 0.9);
                missed += interval.Low <= exact && exact <= interval.High ? 0 : 1;
                Assert.InRange(interval.Low, 0, interval.High);
                Assert.InRange(interval.High, interval.Low, 64);
                Assert.InRange(interval.High - interval.Low, 0, 24);
            }
            Assert.True(missed <= 88, $"{missed} of 400 at {rank}");
        }
    }

    // At the greatest confidence: a false alarm has a chance of 1e-10.
    [Fact]
    public void An_interval_of_many_rows_in_a_fine_tree_is_narrow()
    {
        QuantileTree tree = QuantileTree.ForPure(0, 1, ContributionBounds.OneRow, 1);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => i / 100_000.0)];
        ConfidenceInterval interval = tree.Release(values).Interval(0.3, 1 - 1e-10);
        Assert.InRange(interval.Low, 0.28, 0.3);
        Assert.InRange(interval.High, 0.3, 0.32);
    }

    [Fact]
    public void An_interval_is_mirrored_with_the_values_and_grows_with_the_confidence()
    {
        QuantileTree tree = QuantileTree.ForPure(-32, 32, ContributionBounds.OneRow, 2, 4, 3);
        long[] rows = tree.Count([.. Enumerable.Range(0, 500).Select(i => (i % 37) - 29.5)]);
        long[] noise = new long[rows.Length];
        for (int i = 0; i < 50; i++)
        {
            tree.Noise.Fill(noise);
            NoisyQuantiles quantiles = tree.Noisy(rows, noise);
            ConfidenceInterval interval = quantiles.Interval(0.25, 0.9);
            ConfidenceInterval mirrored = tree.Noisy(Mirrored(rows), Mirrored(noise)).Interval(0.75, 0.9);
            AssertNear(-mirrored.High, -mirrored.Low, interval);
            ConfidenceInterval wider = quantiles.Interval(0.25, 0.999);
            Assert.InRange(interval.Low, wider.Low, wider.High);
            Assert.InRange(interval.High, wider.Low, wider.High);
        }

        static long[] Mirrored(long[] nodes) =>
            [.. nodes[..4].Reverse(), .. nodes[4..20].Reverse(), .. nodes[20..].Reverse()];
    }

    [Fact]
    public void Extremes_do_not_wrap()
    {
        QuantileTree tree = Silent(-1e300, 1e300, 2, 1);
        Assert.InRange(tree.Noisy([long.MaxValue, long.MaxValue], [long.MaxValue, long.MinValue]).Quantile(0.5), -1e300, 0);
        Assert.Equal(1 << 20, Silent(0, 1, 2, 20).Leaves);
        Assert.Equal((1 << 21) - 2, Silent(0, 1, 2, 20).Nodes);
        Assert.Equal(16 + 256 + 4096 + 65536, QuantileTree.ForPure(0, 1, ContributionBounds.OneRow, 1).Nodes);
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        static void Refused(string name, Action act) => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(act).ParamName);
        Refused("lower", () => Silent(double.NaN, 1, 2, 1));
        Refused("upper", () => Silent(1, 1, 2, 1));
        Refused("upper", () => Silent(-double.MaxValue, double.MaxValue, 2, 1));
        Refused("branching", () => Silent(0, 1, 1, 1));
        Refused("branching", () => Silent(0, 1, 129, 1));
        Refused("height", () => Silent(0, 1, 2, 0));
        Refused("height", () => Silent(0, 1, 2, 21));
        Refused("height", () => QuantileTree.ForPure(0, 1, ContributionBounds.OneRow, 1, 2, 0));
        Refused("epsilon", () => QuantileTree.ForPure(0, 1, ContributionBounds.OneRow, 0));
        Refused("rho", () => QuantileTree.For(0, 1, ContributionBounds.OneRow, NanoRho.Zero));
        NoisyQuantiles quantiles = Silent(0, 1, 2, 1).Release([]);
        Refused("rank", () => quantiles.Quantile(-0.1));
        Refused("rank", () => quantiles.Quantile(1.1));
        Refused("rank", () => quantiles.Quantile(double.NaN));
        Refused("rank", () => quantiles.Interval(-0.1, 0.9));
        Refused("rank", () => quantiles.Interval(double.NaN, 0.9));
        Refused("confidence", () => quantiles.Interval(0.5, 0));
        Refused("confidence", () => quantiles.Interval(0.5, double.NaN));
        Refused("confidence", () => quantiles.Interval(0.5, 1 - 1e-11));
    }

    // The ends are those of leaves but for the rounding.
    private static void AssertNear(double low, double high, ConfidenceInterval interval)
    {
        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }

    private static IEnumerable<long> LevelSums(long[] nodes, int branching, int height)
    {
        int first = 0;
        int width = 1;
        for (int level = 0; level < height; level++)
        {
            width *= branching;
            yield return nodes.Skip(first).Take(width).Sum();
            first += width;
        }
    }
}
