using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Planning.Measures;

public class SharedComponentsTests
{
    private static readonly Measure Count = new(MeasureFunction.Count, "amount");
    private static readonly Measure Mean = new(MeasureFunction.Mean, "amount");
    private static readonly Measure Variance = new(MeasureFunction.Variance, "amount");

    [Fact]
    public void Measures_share_equal_integers_and_pay_the_larger_share_once()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [Count, Mean, Variance]));
        Assert.Equal(
            [ComponentKind.ValueRows, ComponentKind.CentredSum, ComponentKind.CentredSquares], plan.Components.Select(c => c.Shape.Kind));
        Assert.Same(plan.Measures[0].Components[0], plan.Measures[1].Components[1]);
        Assert.Same(plan.Measures[0].Components[0], plan.Measures[2].Components[2]);
        Assert.Same(plan.Measures[1].Components[0], plan.Measures[2].Components[1]);
        Assert.Equal(plan.Cost.Value, plan.Components.Sum(c => c.Cost.Value));

        // A third of the loss each: all of it for the count, half for the sum, a third for the squares.
        long share = Shop.Plan(new Query("shop", [Count, new Measure(MeasureFunction.Sum, "amount"), new Measure(MeasureFunction.Count)])).Components[0].Cost.Value;
        Assert.InRange(plan.Components[0].Cost.Value, share - 1, share);
        Assert.InRange(plan.Components[1].Cost.Value, (share / 2) - 1, (share / 2) + 1);
        Assert.InRange(plan.Components[2].Cost.Value, (share / 3) - 1, (share / 3) + 1);
    }

    [Fact]
    public void Margins_are_those_of_the_noise_that_is_drawn()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [Count, Mean]));
        Assert.Equal(plan.Components[0].Noise.Law.HalfWidth(0.05), plan.Measures[0].HalfWidth);
        // The mean's own share of the count is smaller than what is drawn.
        QueryPlan apart = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Count), Mean]));
        Assert.True(plan.Measures[1].Components[1].Noise.Sigma < apart.Measures[1].Components[1].Noise.Sigma);
    }

    [Fact]
    public void What_is_shared_is_told_as_a_cost_once()
    {
        PlanSummary summary = PlanSummaries.Of(Shop.Plan(new Query("shop", [Count, Mean])));
        Assert.Equal(0, summary.Measures[1].Components[1].NanoRho);
        Assert.Equal(Shop.Plan(new Query("shop", [Count, Mean])).Cost.Value, summary.Measures.Sum(m => m.NanoRho));
    }

    [Fact]
    public void Laplace_noise_shares_epsilon_among_what_is_drawn()
    {
        Query query = new("shop", [Count, Mean]) { Mechanism = NoiseMechanism.DiscreteLaplace, Epsilon = 1 };
        QueryPlan plan = Shop.Plan(query);
        Assert.Equal(2, plan.Components.Length);
        // Two integers, κ·L = 5 rows of one cell: scale 2·5.
        Assert.Equal("10", plan.Components[0].Noise.Text);
    }

    [Fact]
    public void Other_filters_and_clamps_are_not_shared()
    {
        Measure buys = Count with { Name = "buys", Filter = Expression.Condition("action", Operation.Equal, [Literal.Of("buy")]) };
        Assert.Equal(2, Shop.Plan(new Query("shop", [Count, buys])).Components.Length);
        Measure clamped = Mean with { Name = "clamped", Clamp = new ClampRange(0m, 2m) };
        // Two sums, one count.
        Assert.Equal(3, Shop.Plan(new Query("shop", [Mean, clamped])).Components.Length);
    }
}
