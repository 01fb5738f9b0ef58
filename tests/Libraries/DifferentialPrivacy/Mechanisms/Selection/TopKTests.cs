using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class TopKTests
{
    private static readonly long[] Scores = [1, 4, 4, 0];

    [Fact]
    public void Pairs_follow_the_law_of_peeling()
    {
        Assert.False(Categorical.Rejects(Pairs(new ExponentialMechanism(1, 1)), Law(SelectionLaw.Exponential)));
        Assert.False(Categorical.Rejects(Pairs(new PermuteAndFlip(1, 1)), Law(SelectionLaw.PermuteAndFlip)));
        Assert.False(Categorical.Rejects(Pairs(new ReportNoisyMax(1, 1)), Law(SelectionLaw.NoisyMax)));
        // What a split of one ε over both would have to look like is far from what is charged twice.
        Assert.True(Categorical.Rejects(Pairs(new ExponentialMechanism(1, new Rational(1, 2))), Law(SelectionLaw.Exponential)));
    }

    [Fact]
    public void It_costs_k_times_one_choice()
    {
        Rational epsilon = new(1, 10);
        TopK exponential = new(3, new ExponentialMechanism(1, epsilon));
        TopK flipped = new(3, new PermuteAndFlip(1, epsilon));
        Assert.Equal(new Rational(3, 10), exponential.Epsilon);
        Assert.Equal(new Rational(3, 10), flipped.Epsilon);
        Assert.Equal(NanoRho.RoundUp(new Rational(3, 800)), exponential.Loss.Rho);
        Assert.Equal(NanoRho.RoundUp(new Rational(3, 200)), flipped.Loss.Rho);
    }

    [Fact]
    public void Each_candidate_is_chosen_once()
    {
        TopK all = new(4, new PermuteAndFlip(1, 1));
        for (int i = 0; i < 100; i++)
            Assert.Equal([0, 1, 2, 3], all.Select(Scores).Order());
    }

    // The chance of any other outcome is below 6·e^-4096.
    [Fact]
    public void With_hardly_any_noise_the_best_come_in_their_order() =>
        Assert.Equal([3, 0, 2], new TopK(3, new PermuteAndFlip(1, 1 << 13)).Select([9, 1, 5, long.MaxValue, long.MinValue]));

    [Fact]
    public void The_gap_of_all_choices_splits_the_chance_of_error() =>
        Assert.Equal(new ExponentialMechanism(1, 1).ScoreGap(50, 0.01), new TopK(5, new ExponentialMechanism(1, 1)).ScoreGap(50, 0.05));

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        ExponentialMechanism mechanism = new(1, 1 << 16);
        Assert.Equal("k", Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(0, mechanism)).ParamName);
        Assert.Equal("k", Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(int.MaxValue, mechanism)).ParamName);
        Assert.Equal("mechanism", Assert.Throws<ArgumentNullException>(() => new TopK(1, null!)).ParamName);
        Assert.Equal("scores", Assert.Throws<ArgumentException>(() => new TopK(3, mechanism).Select([1, 2])).ParamName);
        Assert.Equal("candidates", Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(3, mechanism).ScoreGap(2, 0.1)).ParamName);
        Assert.Equal("alpha", Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(3, mechanism).ScoreGap(3, 1)).ParamName);
    }

    private static int[] Pairs(ISelectionMechanism mechanism)
    {
        TopK two = new(2, mechanism);
        int[] draws = new int[20_000];
        for (int i = 0; i < draws.Length; i++)
        {
            int[] pair = two.Select(Scores);
            draws[i] = (4 * pair[0]) + pair[1];
        }
        return draws;
    }

    private static double[] Law(Func<long[], double, double[]> one)
    {
        double[] law = new double[16];
        double[] first = one(Scores, 2);
        for (int i = 0; i < 4; i++)
        {
            int[] rest = [.. Enumerable.Range(0, 4).Where(j => j != i)];
            double[] second = one([.. rest.Select(j => Scores[j])], 2);
            for (int j = 0; j < 3; j++)
                law[(4 * i) + rest[j]] = first[i] * second[j];
        }
        return law;
    }
}
