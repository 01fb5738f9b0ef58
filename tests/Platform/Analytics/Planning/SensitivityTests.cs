using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>Adding or removing one unit never moves the exact bounded aggregate by more than the plan says.</summary>
public class SensitivityTests
{
    // bounding-and-ledger, section 2.
    private const string Kappa = "kappa groups of a unit are kept";
    private const string NoRanking = "public keys leave at most kappa groups, and nothing is ranked";
    private const string RowsClamped = "a count is clamped to L rows";
    private const string SumsClamped = "a sum is clamped to [lower, upper]";
    private const string CentredClamped = "a centred sum and its squares are clamped";
    private const string UnitsOnce = "a distinct unit counts once";
    private const string TwoKappa = "subjects that span periods move 2 kappa groups";
    private const string ValuesKept = "L distinct values of a unit are kept";
    private const string LevelsCounted = "a row is in one node of every level of a tree";
    private const string BinsKept = "L rows of a unit are kept in bins";

    [Fact]
    public void One_unit_moves_no_sum_by_more_than_the_planned_sensitivity_which_is_reached()
    {
        RulesMet rules = new();
        bool[] reached = new bool[4];
        // A few thousand cases meet each bound nearly always; where they do not, more are taken before that is called a fault.
        for (int round = 0; round == 0 || (round < 10 && !Array.TrueForAll(reached, r => r)); round++)
        {
            BoundedCase.Generator.Sample(
                c =>
                {
                    Dictionary<string, BigInteger[]> with = BoundedModel.Sums(c.Plan, c.All, c.Nonce);
                    Dictionary<string, BigInteger[]> without = BoundedModel.Sums(c.Plan, c.Others, c.Nonce);
                    Assert.True(BoundedCase.Within(c.Plan, with, without));
                    foreach ((int place, Component component) in c.Plan.Components.Index())
                    {
                        if (BoundedCase.Difference(c.Plan, with, without, place).Cells > 0)
                            rules.Count(RuleOf(component), RankingOf(c.Plan.Nesting, component), c.Plan.Dataset.Unit.ToString());
                    }

                    (long cells, _, _, BigInteger squares) = BoundedCase.Difference(c.Plan, with, without, 0);
                    Sensitivity bound = c.Plan.Components[0].Sensitivity;
                    if (bound.L0 > 1 && cells == bound.L0)
                        reached[0] = true;
                    if (bound.MaxChange > 1 && squares == bound.SquaredL2)
                        reached[1] = true;
                    foreach ((int place, Component component) in c.Plan.Components.Index().Where(p => p.Item.Shape.Bins is not null))
                    {
                        if (BoundedCase.Difference(c.Plan, with, without, place).Squares == component.Sensitivity.SquaredL2 && component.RowsPerGroup > 1)
                            reached[component.Shape.Bins!.Height > 1 ? 2 : 3] = true;
                    }
                },
                iter: LongRuns.Times(2_000, 50));
        }

        rules.AssertMet(
            [Kappa, NoRanking, RowsClamped, SumsClamped, CentredClamped, UnitsOnce, TwoKappa, ValuesKept, LevelsCounted, BinsKept, .. Enum.GetNames<PrivacyUnit>()]);
        // A bound that no case ever reaches would mean that the cases are too tame, or that noise is wasted.
        Assert.All(reached, Assert.True);
    }

    [Fact]
    public void A_planner_that_forgets_kappa_is_caught()
    {
        int caught = 0;
        BoundedCase.Generator.Sample(
            c =>
            {
                Dictionary<string, BigInteger[]> with = BoundedModel.Sums(c.Plan, c.All, c.Nonce, forgetKappa: true);
                if (!BoundedCase.Within(c.Plan, with, BoundedModel.Sums(c.Plan, c.Others, c.Nonce, forgetKappa: true)))
                    Interlocked.Increment(ref caught);
            },
            iter: 500);
        Assert.True(caught > 0);
    }

    [Fact]
    public void A_planner_that_clamps_after_the_sum_is_caught()
    {
        bool caught = false;
        BoundedCase.Generator.Sample(
            c =>
            {
                // As if every row counted and only the whole were clamped to what one unit may bring.
                QueryPlan endless = c.Plan with
                {
                    Measures = [.. c.Plan.Measures.Select(m => m with { Components = [.. m.Components.Select(p => p with { RowsPerGroup = 1_000 })] })],
                };
                if (!BoundedCase.Within(c.Plan, BoundedModel.Sums(endless, c.All, c.Nonce), BoundedModel.Sums(endless, c.Others, c.Nonce)))
                    caught = true;
            },
            iter: 500);
        Assert.True(caught);
    }

    [Theory]
    // bounding-and-ledger, section 2: L0 = κ, Δ1 = κ·Δ∞, Δ2² = κ·Δ∞²
    [InlineData(MeasureFunction.Count, null, 10, 5)]
    [InlineData(MeasureFunction.DistinctSubjects, null, 10, 1)]
    // amount: [-2, 6] in steps of 0.5 is [-4, 12]; five rows at most
    [InlineData(MeasureFunction.Sum, "amount", 10, 60)]
    public void Nested_measures_have_the_sensitivity_of_the_reference(MeasureFunction function, string? field, long groups, long change)
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(function, field)]) { GroupBy = [new PeriodKey(Period.Day)] });
        Sensitivity bound = Assert.Single(plan.Components).Sensitivity;
        Assert.Equal(groups, bound.L0);
        Assert.Equal(change, bound.MaxChange);
        Assert.Equal(groups * change, bound.L1);
        Assert.Equal(groups * change * change, bound.SquaredL2);
    }

    [Fact]
    public void A_planner_that_counts_the_levels_of_a_tree_once_is_caught()
    {
        bool caught = false;
        BoundedCase.Generator.Sample(
            c =>
            {
                int tree = c.Plan.Components.ToList().FindIndex(p => p.Shape.Bins is { Height: > 1 });
                if (tree < 0)
                    return;
                Sensitivity bound = c.Plan.Components[tree].Sensitivity;
                Sensitivity forgetful = new(bound.L0 / c.Plan.Components[tree].Shape.Bins!.Height, bound.MaxChange);
                if (BoundedCase.Difference(
                    c.Plan, BoundedModel.Sums(c.Plan, c.All, c.Nonce), BoundedModel.Sums(c.Plan, c.Others, c.Nonce), tree).Squares > forgetful.SquaredL2)
                    caught = true;
            },
            iter: 500);
        Assert.True(caught);
    }

    [Fact]
    public void Bins_have_the_sensitivity_of_the_reference()
    {
        // A unit has five rows in each of ten groups, and a row is in one node of each of the levels: Δ1 = κ·h·L, Δ2² = κ·h·L².
        QueryPlan plan = Shop.Plan(new Query(
            "shop",
            [
                new Measure(MeasureFunction.Quantiles, "qty") { Points = [0.5m, 0.9m] }, new Measure(MeasureFunction.Histogram, "qty") { Points = [10m, 20m] },
                new Measure(MeasureFunction.DistinctValues, "email"),
            ])
        {
            GroupBy = [new PeriodKey(Period.Month)],
        });
        Assert.Equal((16, 2), (plan.Components[0].Shape.Bins!.Branching, plan.Components[0].Shape.Bins!.Height));
        Assert.Equal(10 * 2 * 5, plan.Components[0].Sensitivity.L1);
        Assert.Equal(10 * 2 * 25, plan.Components[0].Sensitivity.SquaredL2);
        Assert.Equal(10 * 5, plan.Components[1].Sensitivity.L1);
        Assert.Equal(10 * 25, plan.Components[1].Sensitivity.SquaredL2);
        Assert.Equal(10 * 25, plan.Components[2].Sensitivity.SquaredL2);
    }

    [Fact]
    public void A_variance_charges_squares_a_sum_and_a_count()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Variance, "amount")]) { GroupBy = [new PeriodKey(Period.Day)] });
        Assert.Equal([ComponentKind.CentredSquares, ComponentKind.CentredSum, ComponentKind.ValueRows], plan.Components.Select(c => c.Shape.Kind));
        // w = 16 half steps; five rows.
        Assert.Equal(5 * 16 * 16, plan.Components[0].Sensitivity.MaxChange);
        Assert.Equal(plan.Cost.Value, plan.Components.Sum(c => c.Cost.Value));
    }

    [Theory]
    [InlineData(0, 65_536, 1)]
    [InlineData(-4, 1_000_000, 16)]
    [InlineData(-1_000_000_000_000, 1_000_000_000_000, 30_518_510)]
    public void Squares_are_added_up_on_a_grid_on_which_they_stay_small(long lower, long upper, long step)
    {
        ValueGrid grid = new ValueGrid(lower, upper, 1).Coarsened(ValueGrid.MaxSquared);
        Assert.Equal((decimal)step, grid.Granularity);
        Assert.InRange(grid.Width, 1, ValueGrid.MaxSquared);
        Assert.InRange(grid.LowerValue, (decimal)(lower - step + 1), lower);
        Assert.InRange(grid.UpperValue, (decimal)upper, upper + step - 1);
    }

    [Fact]
    public void A_mean_charges_a_centred_sum_and_a_count()
    {
        QueryPlan plan = Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Mean, "amount")]) { GroupBy = [new PeriodKey(Period.Day)] });
        Assert.Equal([ComponentKind.CentredSum, ComponentKind.ValueRows], plan.Components.Select(c => c.Shape.Kind));
        // B = (6 − −2)/2 in half steps of 0.25: 16; five rows.
        Assert.Equal(80, plan.Components[0].Sensitivity.MaxChange);
        Assert.Equal(5, plan.Components[1].Sensitivity.MaxChange);
        Assert.Equal(plan.Cost.Value, plan.Components.Sum(c => c.Cost.Value));
        Assert.All(plan.Components, c => Assert.True(c.Cost.Value > 0));
    }

    [Fact]
    public void Ranking_is_omitted_where_public_keys_leave_at_most_kappa_groups()
    {
        QueryPlan few = Shop.Plan(Shop.Count(new ExpressionKey("action")));
        Assert.False(few.Nesting.Ranked);
        Assert.Equal(3, few.Components[0].Sensitivity.L0);
        Assert.True(Shop.Plan(Shop.Count(new PeriodKey(Period.Day))).Nesting.Ranked);
        Assert.True(Shop.Plan(Shop.Count(new ExpressionKey("city"))).Nesting.Ranked);
        Assert.Equal(1, Shop.Plan(Shop.Count()).Components[0].Sensitivity.L0);
    }

    [Fact]
    public void A_period_unit_meets_only_the_cells_of_its_period()
    {
        Dataset days = Shop.Dataset(PrivacyUnit.SubjectPerDay);
        QueryPlan plan = Shop.Plan(Shop.Count(new PeriodKey(Period.Day), new ExpressionKey("action")), days);
        Assert.Equal(3, plan.Components[0].Sensitivity.L0);
        Assert.False(plan.Nesting.Ranked);
        Assert.Equal(2, Shop.Plan(Shop.Count(new PeriodKey(Period.Day)) with { TimeZone = "Europe/Vienna" }, days).Components[0].Sensitivity.L0);
        Assert.Equal(10, Shop.Plan(Shop.Count(new PeriodKey(Period.Hour)) with { From = Edge(2024, 5, 1), To = Edge(2024, 5, 8) }, days).Components[0].Sensitivity.L0);
    }

    [Fact]
    public void Distinct_subjects_over_a_range_of_period_units_pay_for_two_kappa_groups()
    {
        Query query = new("shop", [new Measure(MeasureFunction.DistinctSubjects)])
        {
            GroupBy = [new ExpressionKey("city")],
            Contribution = new ContributionBounds(4, 1),
        };
        Component component = Assert.Single(Shop.Plan(query, Shop.Dataset(PrivacyUnit.SubjectPerDay)).Measures).Components[0];
        Assert.Equal(ComponentKind.Subjects, component.Shape.Kind);
        Assert.Equal(8, component.Sensitivity.L0);
        Assert.Equal(8, component.Sensitivity.L1);
        Assert.Equal(8, component.Sensitivity.SquaredL2);
    }

    [Fact]
    public void Distinct_subjects_whose_cells_lie_in_one_unit_each_pay_for_kappa_groups()
    {
        Query query = new("shop", [new Measure(MeasureFunction.DistinctSubjects)]) { GroupBy = [new PeriodKey(Period.Day), new ExpressionKey("city")] };
        Component component = Shop.Plan(query, Shop.Dataset(PrivacyUnit.SubjectPerDay)).Components[0];
        Assert.Equal(ComponentKind.Units, component.Shape.Kind);
        Assert.Equal(10, component.Sensitivity.L0);
    }

    private static string RuleOf(Component component) => component.Shape.Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => RowsClamped,
        ComponentKind.Sum => SumsClamped,
        ComponentKind.CentredSum or ComponentKind.CentredSquares => CentredClamped,
        ComponentKind.Units => UnitsOnce,
        ComponentKind.Subjects => TwoKappa,
        ComponentKind.Values => ValuesKept,
        ComponentKind.BinRows => component.Shape.Bins!.Height > 1 ? LevelsCounted : BinsKept,
        _ => throw new NotSupportedException(),
    };

    private static string RankingOf(Nesting nesting, Component component) => (component.Spans ? nesting.SpanRanked : nesting.Ranked) ? Kappa : NoRanking;

    private static RangeEdge Edge(int year, int month, int day) => RangeEdge.On(new DateOnly(year, month, day));
}
