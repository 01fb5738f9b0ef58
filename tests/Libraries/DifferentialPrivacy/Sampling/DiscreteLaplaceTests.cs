using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class DiscreteLaplaceTests
{
    private const int Draws = 150_000;

    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(22, 1)]
    [InlineData(1234567, 10000)]
    public void Draws_follow_the_law(int numerator, int denominator)
    {
        double scale = (double)numerator / denominator;
        Assert.False(Rejected(Draw(new Rational(numerator, denominator), Draws), scale));
    }

    [Fact]
    public void Wide_draws_follow_the_law()
    {
        DiscreteLaplace law = new(new Rational(12_345_678_901, 1000));
        long[] draws = Draw(law.Scale, Draws);
        Assert.False(ChiSquare.Rejects(draws, law.UpperTail, 0, 1_500_000));
        Assert.True(ChiSquare.Rejects(draws, new DiscreteLaplace(12_345_679 / 100 * 105).UpperTail, 0, 1_500_000));
    }

    [Fact]
    public void Draws_beyond_64_bit_parameters_follow_the_law()
    {
        Rational scale = new(((BigInteger)22 << 70) + 1, BigInteger.One << 70);
        Assert.False(Rejected(Draw(scale, Draws / 5), 22));
    }

    [Theory]
    [InlineData(0.95)]
    [InlineData(1.05)]
    public void A_scale_off_by_five_percent_is_noticed(double factor)
    {
        Assert.True(Rejected(Draw(Rational.FromDouble(factor), Draws), 1));
        Assert.True(Rejected(Draw(Rational.FromDouble(22 * factor), Draws), 22));
    }

    [Fact]
    public void A_support_off_by_one_is_noticed()
    {
        long[] draws = Draw(7, Draws);
        Assert.False(Rejected(draws, 7));
        Assert.True(Rejected([.. draws.Select(x => x + 1)], 7));
    }

    [Fact]
    public void A_zero_counted_twice_is_noticed()
    {
        Assert.True(Rejected(CanonneKamathSteinke.Laplace(7, Draws / 5, zeroTwice: true), 7));
        Assert.False(Rejected(CanonneKamathSteinke.Laplace(7, Draws / 5), 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(22)]
    [InlineData(1_000_000_000)]
    public void Tails_hold_what_they_should_and_a_scale_off_by_five_percent_is_noticed_there(int scale)
    {
        DiscreteLaplace law = new(scale);
        Assert.False(TailTest.Rejects(law, law));
        Assert.True(TailTest.Rejects(law, new DiscreteLaplace(scale * new Rational(21, 20))));
        Assert.True(TailTest.Rejects(law, new DiscreteLaplace(scale * new Rational(19, 20))));
    }

    [Fact]
    public void Equal_scales_are_one_law()
    {
        Assert.Equal(new DiscreteLaplace(new Rational(2, 4)), new DiscreteLaplace(new Rational(1, 2)));
        Assert.NotEqual(new DiscreteLaplace(1), new DiscreteLaplace(2));
        Assert.False(new DiscreteLaplace(1).Equals(new DiscreteGaussian(1)));
    }

    [Fact]
    public void Scales_of_60_bit_ratios_and_the_ends_of_the_range_are_drawn()
    {
        Rational ratio = new((1L << 60) - 1, (1L << 59) + 1);
        Assert.False(Rejected(Draw(ratio, Draws / 5), ratio.ToDoubleUp()));
        Rational tiny = new(1, BigInteger.One << 60);
        Assert.All(Draw(tiny, 1000), x => Assert.Equal(0, x));
        Assert.All(Draw(new Rational(1, 1_000_000_000), 1000), x => Assert.Equal(0, x));
        DiscreteLaplace wide = new(1_000_000_000_000_000);
        Assert.False(ChiSquare.Rejects(Draw(wide.Scale, Draws), wide.UpperTail, 0, 100_000_000_000_000));
        Rational huge = BigInteger.One << 50;
        Assert.Contains(Draw(huge, 100), x => Math.Abs(x) > 1L << 48); // all 100 below: (1/4)^100
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData((1L << 50) + 1, 1)]
    public void A_scale_outside_its_range_is_refused_by_name(long numerator, long denominator)
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteLaplace(new Rational(numerator, denominator)));
        Assert.Equal("scale", error.ParamName);
        Assert.Contains("(0, 2^50]", error.Message, StringComparison.Ordinal);
    }

    private static bool Rejected(long[] draws, double scale) =>
        ChiSquare.Rejects(draws, DirectLaw.Laplace(scale).UpperTail, 0, Math.Max(1, (long)(scale / 8)));

    private static long[] Draw(Rational scale, int count)
    {
        long[] draws = new long[count];
        new DiscreteLaplace(scale).Fill(draws);
        return draws;
    }
}
