using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Aggregates;

public class BoundedVarianceTests
{
    private static readonly ValueGrid s_grid = new(0, 20, new Rational(1, 2));

    private static readonly BoundedVariance s_silent =
        new(s_grid, ContributionBounds.OneRow, TestNoise.Silent, TestNoise.Silent, TestNoise.Silent);

    [Fact]
    public void A_variance_is_of_values_clamped_one_by_one()
    {
        NoisyVariance answer = s_silent.Release([1, 2, 3, 6]);
        Assert.Equal(3.5, answer.Variance, 1e-12); // mean 3, (4 + 1 + 0 + 9)/4
        Assert.Equal(Math.Sqrt(3.5), answer.StandardDeviation, 1e-12);
        Assert.Equal(25, s_silent.Release([1e9, -1e9]).Variance, 1e-9); // 10 and 0
        Assert.Equal(0, s_silent.Release([7]).Variance, 1e-9);
    }

    [Theory]
    [InlineData(3.0, 0, 1e12, 25)]
    [InlineData(3.0, 0, -1e12, 0)]
    [InlineData(3.0, 1e12, 0, 0)]
    [InlineData(-5.0, 0, 0, 12.5)]
    public void An_estimate_stays_between_0_and_the_greatest_variance_whatever_the_noise(
        double count, double sum, double squares, double variance) =>
        Assert.Equal(variance, s_silent.Estimate(count, sum, squares), 1e-9);

    [Fact]
    public void An_empty_group_has_an_answer_within_the_bounds() => Assert.InRange(s_silent.Release([]).Variance, 0, 25);

    [Fact]
    public void The_loss_is_that_of_all_three_numbers_together()
    {
        ContributionBounds bounds = new(2, 3);
        BoundedVariance laplace = BoundedVariance.ForPure(s_grid, bounds, 1);
        double shown = JointTails.LogRatio((laplace.CountNoise, 3, 2), (laplace.SumNoise, 3 * 20, 2), (laplace.SquaresNoise, 3 * 400, 2));
        Assert.Equal(1, laplace.Epsilon);
        Assert.Equal(1, shown, 1e-9);
        Assert.True(shown > (1.0 / 3) + 1e-9, "the split counted once");
        PrivacyLoss third = PrivacyLoss.OfPure(new Rational(1, 3));
        Assert.Equal(third + third + third, laplace.Loss);

        BoundedVariance gaussian = BoundedVariance.For(s_grid, bounds, new NanoRho(100_001));
        Rational rho = JointTails.Rho((gaussian.CountNoise, 3, 2), (gaussian.SumNoise, 3 * 20, 2), (gaussian.SquaresNoise, 3 * 400, 2));
        Assert.Equal(gaussian.Loss.Rho.Rho, rho);
        Assert.Equal(100_001, gaussian.Loss.Rho.Value);
        NanoRho tooLittle = new(2);
        Assert.Equal("rho", Assert.Throws<ArgumentOutOfRangeException>(() => BoundedVariance.For(s_grid, bounds, tooLittle)).ParamName);
    }

    // With the squares around their middle the noise has half the width that their own range would ask for.
    [Fact]
    public void Squares_are_noised_for_half_their_range()
    {
        BoundedVariance laplace = BoundedVariance.ForPure(s_grid, ContributionBounds.OneRow, 3);
        Assert.Equal(400, ((DiscreteLaplace)laplace.SquaresNoise).Scale); // in eighths of a squared step, where squares range to 800
    }

    // The noises are of width 1, 20 and 400 to a budget of 3, so that 10,000 rows leave an error of about 1 in 1,000.
    [Fact]
    public void Many_rows_have_nearly_their_own_variance()
    {
        double[] rows = [.. Enumerable.Range(0, 10_000).Select(i => (i % 21) / 2.0)];
        double exact = s_silent.Release(rows).Variance;
        NoisyVariance answer = BoundedVariance.ForPure(s_grid, ContributionBounds.OneRow, 3).Release(rows);
        Assert.Equal(exact, answer.Variance, 0.1 * exact); // 50 scales away: below 1e-20
    }

    // 2,000 runs at 95 %: fewer than 91 % covered has a chance below e^-27 (Chernoff), below 1e-9. The rows are at the middle and at both
    // ends, so that nearly all of the error is that of the squares: the twin's chance to miss is about 15 %, to pass below e^-25.
    [Fact]
    public void Intervals_cover_the_variance_and_a_twin_with_half_the_noise_does_not()
    {
        BoundedVariance variance = BoundedVariance.ForPure(s_grid, ContributionBounds.OneRow, 1);
        DiscreteLaplace Half(IDiscreteNoise noise) => new(((DiscreteLaplace)noise).Scale / 2);
        BoundedVariance twin = new(
            s_grid, ContributionBounds.OneRow, Half(variance.CountNoise), Half(variance.SumNoise), Half(variance.SquaresNoise));
        double[] rows = [.. Enumerable.Range(0, 1_000).Select(i => (double[])[0, 5, 10, 5]).SelectMany(row => row)];
        double exact = s_silent.Release(rows).Variance;
        const int Runs = 2_000;
        int covered = 0;
        int coveredByTwin = 0;
        for (int i = 0; i < Runs; i++)
        {
            NoisyVariance released = variance.Release(rows);
            ConfidenceInterval interval = variance.Interval(released, 0.95);
            ConfidenceInterval narrow = twin.Interval(released, 0.95);
            Assert.InRange(interval.Low, 0, released.Variance);
            Assert.InRange(interval.High, released.Variance, 25);
            covered += interval.Low <= exact && exact <= interval.High ? 1 : 0;
            coveredByTwin += narrow.Low <= exact && exact <= narrow.High ? 1 : 0;
        }
        Assert.True(covered >= Runs * 0.91, $"{covered} of {Runs}");
        Assert.True(coveredByTwin < Runs * 0.91, $"{coveredByTwin} of {Runs}");
    }

    [Fact]
    public void An_interval_of_a_group_that_may_be_empty_is_all_that_the_bounds_allow()
    {
        BoundedVariance variance = BoundedVariance.ForPure(s_grid, ContributionBounds.OneRow, 1);
        Assert.Equal(new ConfidenceInterval(0, 25), variance.Interval(new NoisyVariance(0, 12, 5, 1), 0.95));
        Assert.Equal(new ConfidenceInterval(0, 25), variance.Interval(new NoisyVariance(-3, 12, 5, 1), 0.95));
        Assert.Equal(new ConfidenceInterval(0, 25), variance.Interval(variance.Release([]), 1 - 1e-12)); // but for a chance of 1e-12
    }

    [Fact]
    public void An_interval_of_many_rows_is_narrow_in_the_unit_of_the_measure()
    {
        BoundedVariance variance = BoundedVariance.ForPure(s_grid, ContributionBounds.OneRow, 3);
        // Of 10^6 rows, half at 0 and half at 5: variance 6.25.
        ConfidenceInterval interval = variance.Interval(new NoisyVariance(1_000_000, -10_000_000, 0, 6.25), 0.95);
        Assert.InRange(interval.Low, 6.24, 6.25);
        Assert.InRange(interval.High, 6.25, 6.26);
        Assert.Equal("confidence", Assert.Throws<ArgumentOutOfRangeException>(
            () => variance.Interval(new NoisyVariance(1, 0, 0, 0), 1)).ParamName);
    }

    [Fact]
    public void A_variance_at_the_edges_does_not_overflow()
    {
        ValueGrid wide = new(-(1 << 23), 1 << 23, 1);
        double[] rows = [.. Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? double.MinValue : double.MaxValue)];
        BoundedVariance variance = BoundedVariance.ForPure(wide, ContributionBounds.OneRow, 3);
        Assert.Equal(Math.Pow(2, 46), variance.Release(rows).Variance, Math.Pow(2, 40));
        ValueGrid widest = new(-ValueGrid.Greatest, ValueGrid.Greatest, 1);
        Assert.Equal(
            100_000 * BigInteger.Pow(widest.Width, 2), CentredSums.Of(widest, rows).CentredSquares(widest)); // 125 bits
        // The noise for it would leave the range of the sampler: refused, not wrapped.
        Assert.Throws<ArgumentOutOfRangeException>(() => BoundedVariance.ForPure(widest, ContributionBounds.OneRow, 3));
    }
}
