using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class ZcdpTests
{
    // The first two: opendp/opendp:rust/src/combinators/measure_cast/zCDP_to_approxDP/**/test.rs (exact doubles, upward), and [calc] to 20
    // digits; the third: [calc] by the method of IBM/discrete-gaussian-differential-privacy:cdp2adp.py; the rest [calc] with 40 digits.
    [Theory]
    [InlineData(50_000_000, 0.25, 0.081772753103695520874)]
    [InlineData(500_000_000, 0, 0.55883563934743463359)]
    [InlineData(25_000_000, 1, 1.3361319064032224526e-6)]
    [InlineData(31_250_000, 0.5, 0.0071599884940526362752)]
    [InlineData(1, 0.001, 1.9629026272660981945e-115)]
    [InlineData(1000, 0.01, 1.0169180723476518335e-15)]
    [InlineData(1_000_000_000, 1, 0.49349373123370764728)]
    [InlineData(10_000_000_000, 30, 0.000011217702240171202099)]
    [InlineData(1_000_000_000_000, 1200, 0.000032426625237536367359)]
    public void Delta_is_the_golden_value_rounded_up(long nanoRho, double epsilon, double expected)
    {
        double actual = Zcdp.DeltaFor(new NanoRho(nanoRho), epsilon);
        Assert.InRange(actual, Math.BitDecrement(expected), expected * (1 + 1e-10));
    }

    // The first: opendp/opendp, as above; the next two: section 3.4 of the reference, method of cdp2adp.py; the rest [calc] with 40 digits.
    [Theory]
    [InlineData(31_250_000, 1e-3, 0.68800245548780839256)]
    [InlineData(25_000_000, 1e-6, 1.0140742547261279294)]
    [InlineData(500_000_000, 1e-6, 5.2215344445301690534)]
    [InlineData(1, 1e-6, 0.000089533618867799173005)]
    [InlineData(1000, 1e-9, 0.0068040608222062186972)]
    [InlineData(10_000_000_000, 1e-6, 32.221660949097595639)]
    [InlineData(1_000_000_000_000, 1e-12, 1329.5770757322133022)]
    [InlineData(1_000_000_000, 0.5, 0.97510868184738940377)]
    public void Epsilon_is_the_golden_value_rounded_up(long nanoRho, double delta, double expected)
    {
        double actual = Zcdp.EpsilonFor(new NanoRho(nanoRho), delta);
        Assert.InRange(actual, Math.BitDecrement(expected), expected * (1 + 1e-10));
    }

    // The first two: section 3.4 of the reference, method of cdp2adp.py; the rest [calc] with 40 digits.
    [Theory]
    [InlineData(1, 1e-6, 0.024355970359538372796)]
    [InlineData(5, 1e-6, 0.46306499013863018823)]
    [InlineData(0.1, 1e-6, 0.00032104769034574012888)]
    [InlineData(0.01, 1e-9, 2.0954343962559427982e-6)]
    [InlineData(10, 1e-6, 1.5392787638667285106)]
    [InlineData(3, 1e-3, 0.38101615980879632974)]
    [InlineData(100, 1e-12, 37.294282577229760019)]
    public void Rho_is_the_golden_value_rounded_down(double epsilon, double delta, double expected)
    {
        long nano = Zcdp.RhoFor(epsilon, delta).Value;
        Assert.Equal((long)Math.Floor(expected * 1e9), nano);
    }

    // Section 3.2 of the reference: what zCDP gives for compositions of Gaussians. σ = 20 × 100 queries is ρ = 0.125, σ = 10 × 50 is ρ =
    // 0.25.
    [Theory]
    [InlineData(125_000_000, 2.41909317687, 1e-11)]
    [InlineData(250_000_000, 3.54229130, 1e-8)]
    public void Compositions_of_Gaussians_have_the_published_epsilon(long nanoRho, double expected, double digits) =>
        Assert.Equal(expected, Zcdp.EpsilonFor(new NanoRho(nanoRho), 1e-6), digits);

    // Section 6: queries with a standard deviation of at most 20 (ρ = 1/800 each) under (ε, 1e-6).
    [Theory]
    [InlineData(1, 19)]
    [InlineData(3, 148)]
    [InlineData(5, 370)]
    [InlineData(10, 1231)]
    public void A_budget_carries_the_published_number_of_queries(double epsilon, int queries) =>
        Assert.Equal(queries, Zcdp.RhoFor(epsilon, 1e-6).Value / GaussianScale.RhoOf(1, 400).Value);

    [Fact]
    public void Conversions_never_gain_from_going_round() =>
        Gen.Select(Gen.Double[-5, 3], Gen.Double[-12, -0.5]).Sample((logEpsilon, logDelta) =>
        {
            double epsilon = Math.Pow(10, logEpsilon);
            double delta = Math.Pow(10, logDelta);
            NanoRho rho = Zcdp.RhoFor(epsilon, delta);
            Assert.True(Zcdp.EpsilonFor(rho, delta) <= epsilon);
            Assert.True(Zcdp.DeltaFor(rho, epsilon) <= delta * (1 + 1e-8));
            Assert.True(Zcdp.EpsilonFor(new NanoRho(rho.Value + 1), delta) > epsilon);
        });

    [Fact]
    public void Pure_losses_are_half_their_square_rounded_up()
    {
        Assert.Equal(500_000_000, Zcdp.OfPure(1.0).Value);
        Assert.Equal(1, Zcdp.OfPure(1e-9).Value);
        Assert.Equal(5_000_001, Zcdp.OfPure(0.1).Value); // 0.1 as a double lies above 1/10
        Assert.Equal(5_000_000, Zcdp.OfPure(new Rational(1, 10)).Value);
        Assert.Equal(0, Zcdp.OfPure(0.0).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => Zcdp.OfPure(new Rational(-1, 10)));
    }

    // Once an OverflowException out of the search.
    [Fact]
    public void A_huge_epsilon_has_a_loss_all_the_same() => Assert.InRange(Zcdp.RhoFor(1e300, 1e-6).Value, 1L << 60, long.MaxValue);

    [Fact]
    public void No_loss_converts_to_no_loss()
    {
        Assert.Equal(0, Zcdp.EpsilonFor(NanoRho.Zero, 1e-6));
        Assert.Equal(0, Zcdp.DeltaFor(NanoRho.Zero, 0));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(0)]
    public void An_epsilon_outside_its_range_is_refused_by_name(double epsilon)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Zcdp.RhoFor(epsilon, 1e-6));
        Assert.Equal("epsilon", error.ParamName);
        Assert.Contains("a finite number above 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1e-6)]
    public void A_delta_outside_its_range_is_refused_by_name(double delta)
    {
        Assert.Equal("delta", Assert.Throws<ArgumentOutOfRangeException>(() => Zcdp.RhoFor(1, delta)).ParamName);
        Assert.Equal("delta", Assert.Throws<ArgumentOutOfRangeException>(() => Zcdp.EpsilonFor(new NanoRho(1), delta)).ParamName);
    }
}
