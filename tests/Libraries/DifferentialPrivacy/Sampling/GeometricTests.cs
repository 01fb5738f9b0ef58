using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Sampling;

/// <summary>Chi-square tests at a false-alarm chance below 1e-9 each; see <see cref="ChiSquare"/>.</summary>
public class GeometricTests
{
    private const int Draws = 150_000;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 1)]
    [InlineData(22, 1)]
    [InlineData(12_345_678, 1)]
    public void Draws_follow_the_law_and_its_twins_do_not(int numerator, int denominator)
    {
        Rational scale = new(numerator, denominator);
        Geometric law = new(scale);
        long[] draws = Draw(scale);
        long width = Math.Max(1, numerator / denominator / 8);
        Assert.All(draws, x => Assert.True(x >= 0));
        Assert.False(ChiSquare.Rejects(draws, law.UpperTail, 0, width));
        Assert.True(ChiSquare.Rejects(Draw(scale * new Rational(21, 20)), law.UpperTail, 0, width));
        Assert.True(ChiSquare.Rejects(Draw(scale * new Rational(19, 20)), law.UpperTail, 0, width));
        if (scale < 1000)
            Assert.True(ChiSquare.Rejects([.. draws.Select(x => x + 1)], law.UpperTail, 0, width));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Its_tail_holds_what_it_should_and_a_scale_off_by_five_percent_is_noticed_there(int scale)
    {
        Geometric law = new(scale);
        long from = 7 * scale; // e^-7 is about a thousandth
        Assert.False(Rejects(law));
        Assert.True(Rejects(new Geometric(scale * new Rational(21, 20))));
        Assert.True(Rejects(new Geometric(scale * new Rational(19, 20))));

        bool Rejects(Geometric drawn) => TailTest.Rejects(law.UpperTail(from), x => x >= from, drawn.Fill);
    }

    [Fact]
    public void Its_tail_is_a_power()
    {
        Geometric law = new(2);
        Assert.Equal(1, law.UpperTail(0));
        Assert.Equal(1, law.UpperTail(long.MinValue));
        Assert.Equal(Math.Exp(-1.5), law.UpperTail(3), 11);
        Assert.True(law.UpperTail(3) > Math.Exp(-1.5));
    }

    [Fact]
    public void The_ends_of_its_range_are_drawn()
    {
        Assert.All(Draw(new Rational(1, 1_000_000_000)), x => Assert.Equal(0, x));
        Assert.Contains(Draw(BigInteger.One << 50), x => x > 1L << 48);
        Assert.Equal("scale", Assert.Throws<ArgumentOutOfRangeException>(() => new Geometric(0)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Geometric((BigInteger.One << 50) + 1));
    }

    private static long[] Draw(Rational scale)
    {
        long[] draws = new long[Draws];
        new Geometric(scale).Fill(draws);
        return draws;
    }
}
