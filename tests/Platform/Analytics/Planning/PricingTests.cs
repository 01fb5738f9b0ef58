using System.Numerics;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using ErrorTarget = Opaline.Analytics.ErrorTarget;

namespace Opaline.Platform.Tests.Analytics.Planning;

public class PricingTests
{
    [Fact]
    public void The_variance_is_the_exact_fraction_of_the_reference()
    {
        QueryPlan plan = Shop.Plan(Shop.Count(new PeriodKey(Period.Day)));
        Component count = plan.Components[0];
        // σ² = Δ2²·10⁹ / (2·nano-ρ), section 4
        Rational variance = count.Noise.Parameter;
        Assert.Equal(
            count.Sensitivity.SquaredL2 * 1_000_000_000 * variance.Denominator, variance.Numerator * 2 * count.Cost.Value);
    }

    [Fact]
    public void The_loss_asked_for_is_kept_and_nearly_used_up()
    {
        QueryPlan plan = Shop.Plan(Shop.Count() with { Epsilon = 1 });
        // reference 3.4: cdp_rho(1, 1e-6) = .0243559703595
        Assert.InRange(plan.Cost.Value, 24_355_900, 24_355_970);
        Assert.InRange(plan.Epsilon, 0.9999, 1);
        Assert.Equal(1e-6, plan.Delta);
    }

    [Fact]
    public void Measures_share_the_loss_and_a_mean_halves_its_share()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Mean, "amount")]));
        Assert.Equal(plan.Components[0].Cost.Value / 2, plan.Components[1].Cost.Value);
        Assert.Equal(plan.Components[1].Cost, plan.Components[2].Cost);
        Assert.Equal(plan.Cost.Value, plan.Components.Sum(c => c.Cost.Value));
        Assert.True(plan.Cost.Value <= Shop.Plan(Shop.Count()).Cost.Value);
    }

    [Fact]
    public void Private_keys_pay_for_their_selection_unless_a_measure_selects()
    {
        QueryPlan counted = Shop.Plan(Shop.Count(new ExpressionKey("city")));
        Assert.NotNull(counted.Selection);
        Assert.False(counted.Selection.IsMeasure);
        Assert.Equal(counted.Cost.Value, counted.Measures[0].Components[0].Cost.Value + counted.Selection.Component.Cost.Value);
        QueryPlan distinct = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.DistinctSubjects)]) { GroupBy = [new ExpressionKey("city")] });
        Assert.True(distinct.Selection!.IsMeasure);
        Assert.Single(distinct.Components);
        // δ of selection is charged, and with the conversion's half it stays within what was asked for.
        Assert.InRange(distinct.AttoDelta, 1, 500_000_000_000);
        Assert.Equal(0, Shop.Plan(Shop.Count()).AttoDelta);
    }

    [Fact]
    public void Laplace_noise_shares_epsilon_exactly_and_costs_half_its_square()
    {
        Query query = new("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "amount")]) { Epsilon = 0.5, Mechanism = NoiseMechanism.DiscreteLaplace };
        QueryPlan plan = Shop.Plan(query);
        Component count = plan.Components[0];
        // Δ1/(ε/2) = 5/0.25 = 20
        Assert.Equal(new Rational(20, 1), count.Noise.Parameter);
        Assert.InRange(count.Cost.Value, 31_250_000, 31_250_001);
        Assert.Equal(0.5, plan.Epsilon);
    }

    [Theory]
    [InlineData(15, 0.95)]
    [InlineData(50, 0.95)]
    [InlineData(50, 0.99)]
    [InlineData(1000, 0.5)]
    public void An_error_target_gets_the_cheapest_plan_that_keeps_it(double absolute, double confidence)
    {
        QueryPlan plan = Shop.Plan(Shop.Count(new PeriodKey(Period.Day)) with { Error = new ErrorTarget(absolute, confidence) });
        Component count = plan.Components[0];
        Assert.True(count.Noise.Law.HalfWidth(1 - confidence) <= absolute);
        NoiseScale cheaper = NoiseScale.For(NoiseMechanism.DiscreteGaussian, GaussianScale.For(count.Sensitivity.SquaredL2, new NanoRho(count.Cost.Value - 1)))!;
        Assert.True(cheaper.Law.HalfWidth(1 - confidence) > absolute);
    }

    [Fact]
    public void An_error_target_of_a_sum_is_in_its_own_units()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Sum, "amount")]) { Error = new ErrorTarget(100, 0.95) });
        // Steps of 0.5, so 200 of them.
        Assert.InRange(plan.Measures[0].HalfWidth!.Value, 190, 200);
        Assert.InRange(PlanSummaries.Of(plan).Measures[0].Margin95!.Value, 95, 100);
    }

    [Fact]
    public void A_form_with_bounds_of_its_own_says_that_it_set_them()
    {
        Query retention = new(new RetentionSource("shop", 3) { Days = 7 }, []) { Epsilon = 0.5 };
        Assert.Equal("form", PlanSummaries.Of(Shop.Plan(retention)).BoundsSetBy);
        Assert.Equal("form", PlanSummaries.Of(Shop.Plan(new Query(new ActivitySource("shop", Period.Week), []) { Epsilon = 1 })).BoundsSetBy);
        Assert.Equal("request", PlanSummaries.Of(Shop.Plan(retention with { Contribution = new Opaline.Catalog.ContributionBounds(3, 1) })).BoundsSetBy);
        Assert.Equal("dataset", PlanSummaries.Of(Shop.Plan(new Query(new SessionSource("shop", TimeSpan.FromMinutes(30)), []) { Epsilon = 1 })).BoundsSetBy);
    }

    [Fact]
    public void A_plan_says_what_it_does()
    {
        PlanSummary plan = PlanSummaries.Of(Shop.Plan(
            new Query("shop", [new Measure(MeasureFunction.Mean, "amount")]) { GroupBy = [new PeriodKey(Period.Month), new ExpressionKey("city")] },
            Shop.Dataset(PrivacyUnit.SubjectPerDay)));
        Assert.Equal("subject_per_day", plan.Unit);
        Assert.Equal("declared_range", plan.RangeSetBy);
        Assert.Equal("dataset", plan.BoundsSetBy);
        Assert.Equal(366, plan.Blocks);
        Assert.Null(plan.Cells);
        Assert.True(plan.Ranked);
        Assert.Equal([new KeySummary("month", "period", 12), new KeySummary("city", "private_selection", null)], plan.Keys);
        Assert.Equal(["centred_sum", "count"], plan.Measures[0].Components.Select(c => c.Name));
        Assert.Equal(new BigInteger(80), plan.Measures[0].Components[0].MaxChange);
        Assert.NotNull(plan.Selection);
    }
}
