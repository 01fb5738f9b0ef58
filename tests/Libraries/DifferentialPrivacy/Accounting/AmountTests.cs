using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class AmountTests
{
    [Fact]
    public void Losses_round_up_and_budgets_down() =>
        Gen.Double[0, 0.9].Sample(value =>
        {
            Rational exact = Rational.FromDouble(value);
            Assert.True(NanoRho.RoundUp(value).Rho >= exact && NanoRho.RoundUp(value).Rho - exact < new Rational(1, 1_000_000_000));
            Assert.True(NanoRho.RoundDown(value).Rho <= exact && exact - NanoRho.RoundDown(value).Rho < new Rational(1, 1_000_000_000));
            Assert.True(AttoDelta.RoundUp(value).Delta >= exact);
            Assert.True(AttoDelta.RoundDown(value).Delta <= exact);
        });

    [Fact]
    public void The_least_loss_is_not_rounded_away()
    {
        Assert.Equal(1, NanoRho.RoundUp(double.Epsilon).Value);
        Assert.Equal(1, AttoDelta.RoundUp(double.Epsilon).Value);
        Assert.Equal(0, NanoRho.RoundDown(double.Epsilon).Value);
        Assert.Equal(NanoRho.Zero, NanoRho.RoundUp(0.0));
        Assert.Equal(1_000_000_000_000, AttoDelta.RoundUp(1e-6).Value);
    }

    [Fact]
    public void Sums_are_exact_and_checked()
    {
        Assert.Equal(new NanoRho(7), new NanoRho(3) + new NanoRho(4));
        Assert.Throws<OverflowException>(() => new NanoRho(long.MaxValue) + new NanoRho(1));
        Assert.Throws<OverflowException>(() => new AttoDelta(long.MaxValue) + new AttoDelta(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NanoRho.RoundUp(1e10));
        Assert.True(new NanoRho(3) < new NanoRho(4) && new AttoDelta(4) >= new AttoDelta(4));
    }

    [Fact]
    public void Negative_amounts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NanoRho(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttoDelta(-1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e-9)]
    public void A_rho_outside_its_range_is_refused_by_name(double rho)
    {
        Assert.Equal("rho", Assert.Throws<ArgumentOutOfRangeException>(() => NanoRho.RoundUp(rho)).ParamName);
        Assert.Equal("rho", Assert.Throws<ArgumentOutOfRangeException>(() => NanoRho.RoundDown(rho)).ParamName);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1)]
    [InlineData(-1e-9)]
    public void A_delta_outside_its_range_is_refused_by_name(double delta)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => AttoDelta.RoundUp(delta));
        Assert.Equal("delta", error.ParamName);
        Assert.Contains("[0, 1)", error.Message, StringComparison.Ordinal);
    }
}
