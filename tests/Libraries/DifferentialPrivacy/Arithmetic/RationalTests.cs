using System.Numerics;
using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Arithmetic;

public class RationalTests
{
    private static readonly Gen<Rational> Rationals =
        Gen.Select(Gen.Long, Gen.Long.Where(d => d != 0), (n, d) => new Rational(n, d));

    [Fact]
    public void Default_is_zero()
    {
        Rational zero = default;
        Assert.Equal(0, zero);
        Assert.Equal(BigInteger.One, zero.Denominator);
    }

    [Fact]
    public void Rational_is_in_lowest_terms_with_a_positive_denominator()
    {
        Rational value = new(6, -4);
        Assert.Equal(-3, value.Numerator);
        Assert.Equal(2, value.Denominator);
        Assert.Equal(new Rational(-3, 2), value);
        Assert.Equal("-3/2", value.ToString());
    }

    [Fact]
    public void Denominator_zero_is_refused() =>
        Assert.Equal("denominator", Assert.Throws<ArgumentOutOfRangeException>(() => new Rational(1, 0)).ParamName);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void FromDouble_refuses_what_is_not_a_number(double value) =>
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => Rational.FromDouble(value)).ParamName);

    [Fact]
    public void Arithmetic_obeys_the_laws_of_a_field() =>
        Gen.Select(Rationals, Rationals, Rationals).Sample((a, b, c) =>
        {
            Assert.Equal(a + b, b + a);
            Assert.Equal((a + b) + c, a + (b + c));
            Assert.Equal(a * (b + c), (a * b) + (a * c));
            Assert.Equal(0, a - a);
            if (b.Sign != 0)
                Assert.Equal(a, a / b * b);
            Assert.Equal(a < b, (a - b).Sign < 0);
            Assert.Equal(a <= b, !(a > b));
        });

    [Fact]
    public void Floor_and_ceiling_enclose_the_number() =>
        Rationals.Sample(a =>
        {
            Assert.True(a.Floor() <= a && a < a.Floor() + 1);
            Assert.True(a.Ceiling() >= a && a > a.Ceiling() - 1);
        });

    [Fact]
    public void Doubles_go_through_exactly_both_ways() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
        {
            Rational exact = Rational.FromDouble(value);
            Assert.Equal(value, exact.ToDoubleUp());
            Assert.Equal(value, exact.ToDoubleDown());
        });

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(2.225073858507201e-308)]
    [InlineData(-1.5)]
    public void Extreme_doubles_go_through_exactly(double value)
    {
        Assert.Equal(value, Rational.FromDouble(value).ToDoubleUp());
        Assert.Equal(value, Rational.FromDouble(value).ToDoubleDown());
    }

    [Fact]
    public void Directed_roundings_are_neighbours_that_enclose_the_number() =>
        Gen.Select(Rationals, Gen.Int[-1200, 1200]).Sample((a, power) =>
        {
            Rational value = power >= 0 ? a * (BigInteger.One << power) : a / (BigInteger.One << -power);
            double up = value.ToDoubleUp();
            double down = value.ToDoubleDown();
            Assert.True(double.IsInfinity(up) || Rational.FromDouble(up) >= value);
            Assert.True(double.IsInfinity(down) || Rational.FromDouble(down) <= value);
            Assert.True(up == down || Math.BitIncrement(down) == up, $"{down} and {up} are not neighbours");
        });

    [Fact]
    public void Beyond_the_doubles_up_is_infinite_and_down_the_greatest()
    {
        Rational huge = BigInteger.One << 2000;
        Assert.Equal(double.PositiveInfinity, huge.ToDoubleUp());
        Assert.Equal(double.MaxValue, huge.ToDoubleDown());
        Assert.Equal(double.Epsilon, (1 / huge).ToDoubleUp());
        Assert.Equal(0, (1 / huge).ToDoubleDown());
        Assert.Equal(-double.MaxValue, (-huge).ToDoubleUp());
    }
}
