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
