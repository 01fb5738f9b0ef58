using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Aggregates;

public class BoundedMeanTests
{
    private static readonly ValueGrid s_grid = new(0, 100, new Rational(1, 10));

    private static readonly BoundedMean s_silent = new(s_grid, ContributionBounds.OneRow, TestNoise.Silent, TestNoise.Silent);

    [Fact]
    public void A_mean_is_of_values_clamped_one_by_one()
    {
        NoisyMean answer = s_silent.Release([2, 4, 1000, -1000]);
        Assert.Equal(4, answer.Count);
        Assert.Equal((2 * (20 + 40 + 100 + 0)) - (4 * 100), answer.CentredSum);
        Assert.Equal(4, answer.Mean, 1e-12);
    }

    [Fact]
    public void An_empty_group_has_the_middle_of_the_bounds() => Assert.Equal(5, s_silent.Release([]).Mean, 1e-12);

    [Theory]
    [InlineData(-7.0, 1e9, 10)]
    [InlineData(0.0, -1e9, 0)]
    [InlineData(1e30, 1e9, 5)]
    [InlineData(0.4, 50, 7.5)]
    public void An_estimate_stays_within_the_bounds_whatever_the_noise(double count, double sum, double mean) =>
        Assert.Equal(mean, s_silent.Estimate(count, sum), 1e-9);

    // A twin that sums first and clamps the mean would let one row move the sum by any amount.
    [Fact]
    public void One_row_moves_count_and_sum_by_at_most_their_sensitivities() =>
        Gen.Double.Array[0, 50].Select(Gen.Double).Sample((rows, one) =>
        {
            CentredSums without = CentredSums.Of(s_grid, rows);
            CentredSums with = CentredSums.Of(s_grid, [.. rows, one]);
            Assert.Equal(1, with.Count - without.Count);
            Assert.True(BigInteger.Abs(with.Sum - without.Sum) <= s_grid.Width);
            Assert.True(BigInteger.Abs(with.CentredSquares(s_grid) - without.CentredSquares(s_grid)) <= BigInteger.Pow(s_grid.Width, 2));
        });

    // Twins would claim one half only (the split counted once), or leave the groups out: both below what the worst event shows.
    [Fact]
    public void The_loss_is_that_of_count_and_sum_together()
    {
        ContributionBounds bounds = new(3, 2);
        BoundedMean laplace = BoundedMean.ForPure(s_grid, bounds, 1);
        double shown = JointTails.LogRatio((laplace.CountNoise, 2, 3), (laplace.SumNoise, 2 * 100, 3));
        Assert.Equal(1, laplace.Epsilon);
        Assert.Equal(1, shown, 1e-9);
        Assert.Equal(PrivacyLoss.OfPure(new Rational(1, 2)) + PrivacyLoss.OfPure(new Rational(1, 2)), laplace.Loss);
        Assert.True(shown > 0.5 + 1e-9, "the split counted once");
        Assert.True(shown > (1.0 / 3) + 1e-9, "the groups left out");

        BoundedMean gaussian = BoundedMean.For(s_grid, bounds, new NanoRho(100_001));
        Rational rho = JointTails.Rho((gaussian.CountNoise, 2, 3), (gaussian.SumNoise, 2 * 100, 3));
        Assert.Equal(new PrivacyLoss(new NanoRho(100_001), AttoDelta.Zero), gaussian.Loss);
        Assert.Equal(gaussian.Loss.Rho.Rho, rho);
        Assert.Null(gaussian.Epsilon);
        Assert.Null(new BoundedMean(s_grid, bounds, laplace.CountNoise, gaussian.SumNoise).Epsilon);
    }

    // Chi-square at a false-alarm chance below 1e-9 each.
    [Fact]
    public void Both_numbers_carry_their_own_noise()
    {
        BoundedMean mean = BoundedMean.ForPure(s_grid, ContributionBounds.OneRow, new Rational(1, 2));
        double[] rows = [1, 2];
        CentredSums exact = CentredSums.Of(s_grid, rows);
        NoisyMean[] answers = [.. Enumerable.Range(0, 40_000).Select(_ => mean.Release(rows))];
        long[] counts = [.. answers.Select(answer => (long)(answer.Count - exact.Count))];
        long[] sums = [.. answers.Select(answer => (long)(answer.CentredSum - exact.Sum))];
        Assert.False(ChiSquare.Rejects(counts, mean.CountNoise.UpperTail, 0, 1));
        Assert.False(ChiSquare.Rejects(sums, mean.SumNoise.UpperTail, 0, 80));
        Assert.True(ChiSquare.Rejects([.. sums.Select(sum => sum / 2)], mean.SumNoise.UpperTail, 0, 80), "a twin with half the noise");
        Assert.All(answers, answer => Assert.InRange(answer.Mean, 0, 10));
        // Shared noise would make the numbers move together: of 40,000 signs about half agree, here within 7 standard deviations.
        int agree = answers.Where(answer => answer.Count != exact.Count && answer.CentredSum != exact.Sum)
            .Sum(answer => (answer.Count > exact.Count) == (answer.CentredSum > exact.Sum) ? 1 : -1);
        Assert.InRange(agree, -1400, 1400);
    }

    // 2,000 runs at 95 %: by Chernoff's bound a coverage below 91 % has a chance below e^-27.
    [Fact]
    public void Intervals_cover_the_mean_as_often_as_they_say()
    {
        BoundedMean mean = BoundedMean.ForPure(s_grid, ContributionBounds.OneRow, 1);
        double[] rows = [.. Enumerable.Range(0, 100).Select(i => i / 25.0)];
        double exact = s_silent.Release(rows).Mean;
        int covered = 0;
        const int Runs = 2_000;
        for (int i = 0; i < Runs; i++)
        {
            ConfidenceInterval interval = mean.Interval(mean.Release(rows), 0.95);
            covered += interval.Low <= exact && exact <= interval.High ? 1 : 0;
            Assert.InRange(interval.Low, 0, interval.High);
            Assert.InRange(interval.High, interval.Low, 10);
        }
        Assert.True(covered > Runs * 0.91, $"{covered} of {Runs}");
        Assert.Equal(new ConfidenceInterval(0, 10), mean.Interval(new NoisyMean(0, 12, 5), 0.95));
    }

    [Fact]
    public void A_mean_at_the_edges_of_the_grid_does_not_overflow()
    {
        ValueGrid widest = new(-ValueGrid.Greatest, ValueGrid.Greatest, 1);
        double[] rows = [.. Enumerable.Repeat(double.PositiveInfinity, 70_000)];
        CentredSums sums = CentredSums.Of(widest, rows);
        Assert.Equal((BigInteger)70_000 * widest.Width, sums.Sum);
        Assert.Equal((BigInteger)70_000 * widest.Width * widest.Width, sums.SumOfSquares); // 125 bits
        BoundedMean mean = new(widest, ContributionBounds.OneRow, TestNoise.Silent, new DiscreteGaussian(BigInteger.One << 112));
        Assert.Equal(ValueGrid.Greatest, mean.Release(rows).Mean, 1e13);
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        ContributionBounds one = ContributionBounds.OneRow;
        Assert.Equal(
            "countNoise",
            Assert.Throws<ArgumentException>(() => new BoundedMean(s_grid, one, new TestNoise.Unknown(), TestNoise.Silent)).ParamName);
        Assert.Equal(
            "sumNoise",
            Assert.Throws<ArgumentException>(() => new BoundedMean(s_grid, one, TestNoise.Silent, new TestNoise.Unknown())).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => BoundedMean.ForPure(s_grid, one, -1)).ParamName);
        Assert.Equal("rho", Assert.Throws<ArgumentOutOfRangeException>(() => BoundedMean.For(s_grid, one, new NanoRho(1))).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => s_silent.Interval(s_silent.Release([]), 1));
    }
}
