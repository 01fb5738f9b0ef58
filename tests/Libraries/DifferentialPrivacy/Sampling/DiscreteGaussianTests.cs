using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class DiscreteGaussianTests
{
    private const int Draws = 150_000;

    [Theory]
    [InlineData(1, 20)]
    [InlineData(1, 1)]
    [InlineData(9, 10)]
    [InlineData(7, 3)]
    [InlineData(100, 1)]
    [InlineData(1_000_000, 1)]
    [InlineData(1_234_567_891, 1000)]
    public void Draws_follow_the_law(int numerator, int denominator) =>
        Assert.False(Rejected(Draw(new Rational(numerator, denominator), Draws), (double)numerator / denominator));

    [Fact]
    public void Draws_beyond_64_bit_parameters_follow_the_law()
    {
        Rational sigmaSquared = new(((BigInteger)100 << 70) + 1, BigInteger.One << 70);
        Assert.False(Rejected(Draw(sigmaSquared, Draws / 10), 100));
    }

    [Fact]
    public void Variances_of_60_bit_ratios_are_drawn()
    {
        Rational small = new((1L << 60) - 1, (1L << 59) + 1);
        Assert.False(Rejected(Draw(small, Draws / 10), small.ToDoubleUp()));
        long[] large = Draw((1L << 60) - 1, Draws);
        Assert.False(ChiSquare.Rejects(large, new DiscreteGaussian((1L << 60) - 1).UpperTail, 0, 1L << 27));
        Assert.True(ChiSquare.Rejects(large, new DiscreteGaussian((1L << 60) / 11 * 10).UpperTail, 0, 1L << 27));
    }

    [Fact]
    public void The_ends_of_the_range_are_drawn()
    {
        Rational tiny = new(1, BigInteger.One << 60);
        Assert.All(Draw(tiny, 1000), x => Assert.Equal(0, x));
        Rational huge = BigInteger.One << 112;
        Assert.Contains(Draw(huge, 100), x => Math.Abs(x) > 1L << 54); // all 100 below: 0.2^100
    }

    [Theory]
    [InlineData(0.95)]
    [InlineData(1.05)]
    public void A_scale_off_by_five_percent_is_noticed(double factor)
    {
        Assert.True(Rejected(Draw(Rational.FromDouble(factor * factor), Draws), 1));
        Assert.True(Rejected(Draw(Rational.FromDouble(100 * factor * factor), Draws), 100));
    }

    [Fact]
    public void A_support_off_by_one_is_noticed()
    {
        long[] draws = Draw(100, Draws);
        Assert.False(Rejected(draws, 100));
        Assert.True(Rejected([.. draws.Select(x => x + 1)], 100));
    }

    [Fact]
    public void A_zero_counted_twice_is_noticed()
    {
        // The twin takes a candidate law whose zero comes twice as often; its acceptance is right.
        Assert.True(Rejected(CanonneKamathSteinke.Gaussian(100, Draws / 3, zeroTwice: true), 100));
        Assert.False(Rejected(CanonneKamathSteinke.Gaussian(100, Draws / 3), 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(22)]
    [InlineData(1_000_000_000)]
    public void Tails_hold_what_they_should_and_a_sigma_off_by_five_percent_is_noticed_there(int sigma)
    {
        DiscreteGaussian law = new((Rational)sigma * sigma);
        Assert.False(TailTest.Rejects(law, law));
        Assert.True(TailTest.Rejects(law, new DiscreteGaussian((Rational)sigma * sigma * new Rational(21 * 21, 20 * 20))));
        Assert.True(TailTest.Rejects(law, new DiscreteGaussian((Rational)sigma * sigma * new Rational(19 * 19, 20 * 20))));
    }

    [Fact]
    public void Equal_variances_are_one_law()
    {
        Assert.Equal(new DiscreteGaussian(new Rational(2, 4)), new DiscreteGaussian(new Rational(1, 2)));
        Assert.NotEqual(new DiscreteGaussian(1), new DiscreteGaussian(2));
    }

    [Fact]
    public void Single_draws_follow_the_law()
    {
        DiscreteGaussian noise = new(4);
        long[] draws = [.. Enumerable.Range(0, Draws / 5).Select(_ => (long)noise.Sample())];
        Assert.False(Rejected(draws, 4));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-4, 1)]
    public void A_variance_outside_its_range_is_refused_by_name(long numerator, long denominator)
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteGaussian(new Rational(numerator, denominator)));
        Assert.Equal("sigmaSquared", error.ParamName);
        Assert.Contains("(0, 2^112]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiscreteGaussian((BigInteger.One << 112) + 1));
    }

    private static bool Rejected(long[] draws, double sigmaSquared) =>
        ChiSquare.Rejects(draws, DirectLaw.Gaussian(sigmaSquared).UpperTail, 0, Math.Max(1, (long)(Math.Sqrt(sigmaSquared) / 8)));

    private static long[] Draw(Rational sigmaSquared, int count)
    {
        long[] draws = new long[count];
        new DiscreteGaussian(sigmaSquared).Fill(draws);
        return draws;
    }
}
