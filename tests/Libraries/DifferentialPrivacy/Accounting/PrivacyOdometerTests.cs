using CsCheck;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accounting;

public class PrivacyOdometerTests
{
    private static readonly NanoRho s_first = new(1_000_000); // 0.001

    [Fact]
    public void Bound_starts_at_zero_never_falls_and_is_above_that_of_a_budget_known_beforehand() =>
        Gen.Long[0, 500_000_000].Array[1, 40].Sample(charges =>
        {
            PrivacyOdometer odometer = new(s_first, 1e-6, AttoDelta.Zero);
            Assert.Equal(0, odometer.Epsilon);
            double before = 0;
            foreach (long charge in charges)
            {
                odometer.Charge(new PrivacyLoss(new NanoRho(charge), AttoDelta.Zero));
                double epsilon = odometer.Epsilon;
                Assert.True(epsilon >= before);
                Assert.True(epsilon >= Zcdp.EpsilonFor(odometer.Spent.Rho, 1e-6));
                before = epsilon;
            }
        });

    // ρ = 0.003 needs the third budget, 0.004, with a share of 1e-6/12: 0.004 + 2·√(0.004·ln(1.2e7)).
    [Fact]
    public void Bound_is_that_of_the_least_budget_that_holds()
    {
        PrivacyOdometer odometer = new(s_first, 1e-6, AttoDelta.Zero);
        odometer.Charge(new PrivacyLoss(new NanoRho(3_000_000), AttoDelta.Zero));
        Assert.Equal(0.004 + (2 * Math.Sqrt(0.004 * Math.Log(1.2e7))), odometer.Epsilon, 1e-11);
        odometer.Charge(new PrivacyLoss(new NanoRho(1_000_000), AttoDelta.Zero));
        Assert.Equal(0.004 + (2 * Math.Sqrt(0.004 * Math.Log(1.2e7))), odometer.Epsilon, 1e-11);
        odometer.Charge(new PrivacyLoss(new NanoRho(1), AttoDelta.Zero));
        Assert.Equal(0.008 + (2 * Math.Sqrt(0.008 * Math.Log(2e7))), odometer.Epsilon, 1e-11);
    }

    [Fact]
    public void Bound_ends_where_the_releases_spend_more_delta_than_was_allowed()
    {
        PrivacyOdometer odometer = new(s_first, 1e-6, new AttoDelta(100));
        odometer.Charge(new PrivacyLoss(new NanoRho(1), new AttoDelta(100)));
        Assert.True(double.IsFinite(odometer.Epsilon));
        odometer.Charge(new PrivacyLoss(NanoRho.Zero, new AttoDelta(1)));
        Assert.Equal(double.PositiveInfinity, odometer.Epsilon);
        Assert.Equal(new PrivacyLoss(new NanoRho(1), new AttoDelta(101)), odometer.Spent);
    }

    [Fact]
    public void The_greatest_sum_has_a_bound_and_beyond_it_is_refused()
    {
        PrivacyOdometer odometer = new(new NanoRho(1), 1e-6, AttoDelta.Zero);
        odometer.Charge(new PrivacyLoss(new NanoRho(long.MaxValue), AttoDelta.Zero));
        Assert.True(double.IsFinite(odometer.Epsilon));
        Assert.Throws<OverflowException>(() => odometer.Charge(new PrivacyLoss(new NanoRho(1), AttoDelta.Zero)));
    }

    [Fact]
    public void Parameters_outside_their_range_are_refused_by_name()
    {
        static string? Name(Func<object?> action) => Assert.Throws<ArgumentOutOfRangeException>(action).ParamName;
        Assert.Equal("first", Name(() => new PrivacyOdometer(NanoRho.Zero, 1e-6, AttoDelta.Zero)));
        foreach (double delta in (double[])[double.NaN, 0, 1, -1])
            Assert.Equal("delta", Name(() => new PrivacyOdometer(s_first, delta, AttoDelta.Zero)));
    }
}
