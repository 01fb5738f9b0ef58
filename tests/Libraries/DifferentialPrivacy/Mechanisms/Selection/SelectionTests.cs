using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

/// <summary>
/// What the three mechanisms of selection share. Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.
/// </summary>
public class SelectionTests
{
    private const double Hair = 1 + 1e-9;

    private static readonly int Draws = LongRuns.Times(25_000, 20);

    private static readonly long[] Scores = [4, 0, 3, 7, 7];

    public static TheoryData<string> Names => ["exponential", "permute-and-flip", "noisy max"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Choices_follow_the_law_and_half_the_scale_is_noticed(string name)
    {
        foreach (bool monotone in (bool[])[false, true])
        {
            ISelectionMechanism mechanism = New(name, 3, new Rational(3, 2), monotone);
            int[] draws = Draw(mechanism, Scores);
            double scale = monotone ? 2 : 4;
            Assert.False(Categorical.Rejects(draws, Law(name, Scores, scale)));
            Assert.True(Categorical.Rejects(draws, Law(name, Scores, scale / 2)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Neighbours_differ_by_epsilon_at_most_and_half_the_scale_breaks_it(string name)
    {
        foreach (bool monotone in (bool[])[false, true])
        {
            double scale = monotone ? 1 : 2; // Δ = ε = 1
            double greatest = 0;
            double broken = 0;
            foreach ((long[] scores, long[] neighbour) in SelectionLaw.Neighbours(4, 3, monotone))
            {
                greatest = Math.Max(greatest, Categorical.PureLoss(Law(name, scores, scale), Law(name, neighbour, scale)));
                broken = Math.Max(broken, Categorical.PureLoss(Law(name, scores, scale / 2), Law(name, neighbour, scale / 2)));
            }
            Assert.InRange(greatest, 0.3, Hair);
            Assert.True(broken > 1.1);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_scale_of_monotone_scores_is_too_small_for_others(string name)
    {
        double greatest = SelectionLaw.Neighbours(4, 3, monotone: false)
            .Max(pair => Categorical.PureLoss(Law(name, pair.Scores, 1), Law(name, pair.Neighbour, 1)));
        Assert.True(greatest > 1.1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gap_wider_than_stated_is_as_rare_as_stated(string name)
    {
        foreach (double alpha in (double[])[0.5, 0.05, 1e-6])
        {
            foreach (int candidates in (int[])[2, 5])
            {
                ISelectionMechanism mechanism = New(name, 2, 1, monotone: false);
                long gap = (long)mechanism.ScoreGap(candidates, alpha);
                Assert.True(1 - BestChance(gap + 1) <= alpha);
                // With two candidates it is the least such gap, but for the factor of 2 that a union bound and an equal chance at 0 lose.
                if (candidates == 2 && gap > 4)
                    Assert.True(1 - BestChance(gap - 4) > alpha / 2);

                double BestChance(long below) => Law(name, [0, .. Enumerable.Repeat(-below, candidates - 1)], 4)[0];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_candidate_is_chosen_and_none_is_refused(string name)
    {
        ISelectionMechanism mechanism = New(name, 1, 1, monotone: false);
        Assert.Equal(0, mechanism.Select([-5]));
        Assert.Equal(0, mechanism.ScoreGap(1, 1e-9));
        Assert.Equal("scores", Assert.Throws<ArgumentException>(() => mechanism.Select([])).ParamName);
        Assert.Equal("candidates", Assert.Throws<ArgumentOutOfRangeException>(() => mechanism.ScoreGap(0, 0.1)).ParamName);
        foreach (double alpha in (double[])[0, 1, double.NaN, -1])
            Assert.Equal("alpha", Assert.Throws<ArgumentOutOfRangeException>(() => mechanism.ScoreGap(2, alpha)).ParamName);
    }

    // The other candidate has a chance of about e^-(2^62).
    [Theory]
    [MemberData(nameof(Names))]
    public void Scores_at_both_ends_of_their_range_do_not_overflow(string name)
    {
        ISelectionMechanism mechanism = New(name, 1, 1, monotone: false);
        Assert.Equal(1, mechanism.Select([long.MinValue, long.MaxValue]));
        Assert.Equal(2, mechanism.Select([long.MinValue, 0, long.MaxValue, long.MinValue]));
        Assert.InRange(mechanism.Select([long.MinValue, long.MinValue]), 0, 1);
        Assert.InRange(mechanism.Select([long.MaxValue, long.MaxValue]), 0, 1);
    }

    [Fact]
    public void A_sensitivity_at_the_end_of_its_range_is_served()
    {
        // The scores are 2^64 − 1 apart, the scale is 2^63 − 1: a quotient of 2.
        long[] scores = [long.MinValue, long.MaxValue];
        Assert.False(Categorical.Rejects(Draw(new ExponentialMechanism(long.MaxValue, 2), scores), SelectionLaw.Exponential([0, 2], 1)));
        Assert.False(Categorical.Rejects(Draw(new PermuteAndFlip(long.MaxValue, 2), scores), SelectionLaw.PermuteAndFlip([0, 2], 1)));
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new ReportNoisyMax(long.MaxValue, 2)).ParamName);
        Assert.Equal(0, new ExponentialMechanism(1, new Rational(1, BigInteger.One << 500)).Select([7]));
        Assert.Equal(1, new PermuteAndFlip(1, 1 << 16).Select([0, 1])); // the other has a chance of e^-32768
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_outside_their_range_are_refused_by_name(string name)
    {
        foreach (long sensitivity in (long[])[0, -1, long.MinValue])
            Assert.Equal("sensitivity", Refused(sensitivity, 1));
        foreach (Rational epsilon in (Rational[])[0, -1, (1 << 16) + 1])
            Assert.Equal("epsilon", Refused(1, epsilon));

        string? Refused(long sensitivity, Rational epsilon) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => New(name, sensitivity, epsilon, monotone: false)).ParamName;
    }

    internal static int[] Draw(ISelectionMechanism mechanism, long[] scores)
    {
        int[] draws = new int[Draws];
        for (int i = 0; i < draws.Length; i++)
            draws[i] = mechanism.Select(scores);
        return draws;
    }

    private static ISelectionMechanism New(string name, long sensitivity, Rational epsilon, bool monotone) => name switch
    {
        "exponential" => new ExponentialMechanism(sensitivity, epsilon, monotone),
        "permute-and-flip" => new PermuteAndFlip(sensitivity, epsilon, monotone),
        _ => new ReportNoisyMax(sensitivity, epsilon, monotone),
    };

    private static double[] Law(string name, long[] scores, double scale) => name switch
    {
        "exponential" => SelectionLaw.Exponential(scores, scale),
        "permute-and-flip" => SelectionLaw.PermuteAndFlip(scores, scale),
        _ => SelectionLaw.NoisyMax(scores, scale),
    };
}
