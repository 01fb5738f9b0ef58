using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Aggregates;

public class BoundedSumTests
{
    private static readonly ValueGrid s_grid = new(-30, 100, new Rational(1, 10));

    [Fact]
    public void A_sum_is_of_values_clamped_one_by_one()
    {
        BoundedSum sum = new(s_grid, ContributionBounds.OneRow, TestNoise.Silent);
        NoisySum answer = sum.Release([2.5, 1e6, -1e6, double.NaN]);
        Assert.Equal(25 + 100 - 30 - 30, answer.Sum);
        Assert.Equal(6.5, answer.Value, 1e-9);
        Assert.Equal(BigInteger.Zero, sum.Release([]).Sum);
    }

    // The property that the sensitivity stands for, and what it is for a twin that clamps the sum instead of the values.
    [Fact]
    public void One_row_moves_the_sum_by_at_most_the_sensitivity_and_that_of_a_twin_by_more()
    {
        BoundedSum sum = new(s_grid, ContributionBounds.OneRow, TestNoise.Silent);
        Gen.Double.Array[0, 50].Select(Gen.Double).Sample((rows, one) =>
            Assert.InRange((long)Int128.Abs(sum.Sum([.. rows, one]) - sum.Sum(rows)), 0, 100));

        static double Twin(params double[] rows) => Math.Clamp(rows.Sum(), -3 * 1000, 10 * 1000) * 10;
        Assert.True(Math.Abs(Twin(0, 5000) - Twin(0)) > 100);
    }

    // Chi-square at a false-alarm chance below 1e-9; the twin's noise is made for one group where a unit has three.
    [Fact]
    public void Answers_follow_the_law_of_the_noise_and_those_of_a_twin_that_forgets_the_groups_do_not()
    {
        ContributionBounds bounds = new(3, 1);
        BoundedSum sum = BoundedSum.ForPure(s_grid, bounds, 1);
        Assert.Equal(300, ((DiscreteLaplace)sum.Noise).Scale);
        double[] rows = [1, 2, 3];
        Assert.False(ChiSquare.Rejects(Errors(sum, rows), sum.Noise.UpperTail, 0, 60));
        Assert.True(ChiSquare.Rejects(Errors(BoundedSum.ForPure(s_grid, ContributionBounds.OneRow, 1), rows), sum.Noise.UpperTail, 0, 60));
    }

    [Fact]
    public void The_loss_is_that_of_the_noise_over_all_groups_and_rows()
    {
        ContributionBounds bounds = new(3, 2);
        BoundedSum laplace = BoundedSum.ForPure(s_grid, bounds, new Rational(1, 2));
        Assert.Equal(new Rational(1, 2), laplace.Epsilon);
        Assert.Equal(PrivacyLoss.OfPure(new Rational(1, 2)), laplace.Loss);
        Assert.Equal(0.5, JointTails.LogRatio((laplace.Noise, 2 * 100, 3)), 1e-9);
        BoundedSum gaussian = BoundedSum.For(s_grid, bounds, new NanoRho(12345));
        Assert.Null(gaussian.Epsilon);
        Assert.Equal(new PrivacyLoss(new NanoRho(12345), AttoDelta.Zero), gaussian.Loss);
        Assert.Equal(gaussian.Loss.Rho, NanoRho.RoundUp(JointTails.Rho((gaussian.Noise, 2 * 100, 3))));
    }

    [Fact]
    public void A_sum_at_the_edges_of_the_grid_does_not_overflow()
    {
        ValueGrid widest = new(-ValueGrid.Greatest, ValueGrid.Greatest, 1);
        BoundedSum sum = new(widest, ContributionBounds.OneRow, new DiscreteLaplace(BigInteger.One << 50));
        double[] rows = [.. Enumerable.Repeat(double.MaxValue, 5000)];
        Assert.Equal(5000 * (Int128)ValueGrid.Greatest, sum.Sum(rows)); // beyond 64 bits
        Assert.Equal(5000.0 * ValueGrid.Greatest, sum.Release(rows).Value, 1e18);
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        ContributionBounds one = ContributionBounds.OneRow;
        Assert.Equal("noise", Assert.Throws<ArgumentException>(() => new BoundedSum(s_grid, one, new TestNoise.Unknown())).ParamName);
        Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => BoundedSum.ForPure(s_grid, one, 0)).ParamName);
        Assert.Equal("rho", Assert.Throws<ArgumentOutOfRangeException>(() => BoundedSum.For(s_grid, one, NanoRho.Zero)).ParamName);
    }

    private static long[] Errors(BoundedSum sum, double[] rows)
    {
        Int128 exact = sum.Sum(rows);
        long[] errors = new long[50_000];
        for (int i = 0; i < errors.Length; i++)
            errors[i] = (long)(sum.Release(rows).Sum - exact);
        return errors;
    }
}
