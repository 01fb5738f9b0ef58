using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning.Sources;

/// <summary>Whatever a question reads, adding or removing one unit never moves the exact bounded aggregate by more than the plan says.</summary>
public class SourceSensitivityTests
{
    private const string OwnRows = "kappa groups move, as rows are of one unit each";
    private const string Coupling = "2 kappa groups move, as results of a subject span its units";

    public static TheoryData<string> Kinds =>
    [
        "join", "left join", "public join", "subjects", "subjects by action", "funnel", "steps", "retention", "calendar retention", "sessions", "activity", "paths", "private paths",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_unit_moves_no_sum_by_more_than_the_planned_sensitivity(string kind)
    {
        RulesMet rules = new();
        SourceCase.Of(kind).Sample(
            c =>
            {
                (Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without) = Neighbours(c);
                Assert.True(BoundedCase.Within(c.Plan, with, without));
                if (BoundedCase.Difference(c.Plan, with, without, 0).Cells > 0)
                    rules.Count(c.Plan.Nesting.Coupled ? Coupling : OwnRows);
            },
            iter: LongRuns.Times(400, 20));
        rules.AssertMet(kind is "join" or "left join" or "public join" or "activity" ? [OwnRows] : [OwnRows, Coupling]);
    }

    [Theory]
    // A funnel's subject leaves one step and comes to another; paths are left and others found.
    [InlineData("funnel")]
    [InlineData("subjects")]
    [InlineData("calendar retention")]
    [InlineData("paths")]
    public void A_planner_that_charges_spans_like_non_spans_is_caught(string kind) => Assert.True(Caught(kind, SourceModel.Twin.Honest, plan =>
        plan.Nesting.Coupled ? [.. plan.Components.Select(c => new Sensitivity(plan.Nesting.Kappa, c.Shape.MaxChange(c.RowsPerGroup)))] : null));

    [Theory]
    [InlineData("join")]
    [InlineData("left join")]
    [InlineData("public join")]
    public void A_planner_that_bounds_before_the_join_is_caught(string kind) => Assert.True(Caught(kind, SourceModel.Twin.BoundsBeforeJoin, Planned));

    [Theory]
    [InlineData("join")]
    [InlineData("subjects by action")]
    [InlineData("paths")]
    [InlineData("calendar retention")]
    public void A_planner_that_forgets_kappa_is_caught(string kind) => Assert.True(Caught(kind, SourceModel.Twin.ForgetsKappa, Planned));

    [Theory]
    [InlineData(PrivacyUnit.Subject, 1)]
    [InlineData(PrivacyUnit.SubjectPerDay, 2)]
    public void A_funnel_costs_one_cell_per_subject_and_two_where_steps_span_units(PrivacyUnit unit, int groups)
    {
        Query query = new(
            new FunnelSource("shop", [new(Expression.Condition("action", Operation.Equal, [Literal.Of("look")])), new(Expression.Condition("action", Operation.Equal, [Literal.Of("buy")]))]), []);
        QueryPlan plan = Shop.Plan(query, Shop.Dataset(unit));
        Assert.Equal(groups, plan.Components[0].Sensitivity.SquaredL2);
        Assert.False(plan.Nesting.Ranked);
        Assert.Equal(unit == PrivacyUnit.Subject ? 1 : 366, plan.Blocks.Count);
    }

    [Fact]
    public void A_signed_sum_of_whole_subjects_can_move_from_one_end_of_its_clamp_to_the_other()
    {
        Query query = new(new SubjectSource("shop", [new("total", SubjectFunction.Sum, "amount", new ClampRange(-3, 9))]), [new Measure(MeasureFunction.Sum, "total")]);
        // [-6, 18] in steps of 0.5
        Assert.Equal(new Sensitivity(1, 18), Shop.Plan(query).Components[0].Sensitivity);
        Assert.Equal(new Sensitivity(2, 24), Shop.Plan(query, Shop.Dataset(PrivacyUnit.SubjectPerMonth)).Components[0].Sensitivity);
    }

    private static bool Caught(string kind, SourceModel.Twin twin, Func<QueryPlan, Sensitivity[]?> claimed)
    {
        int caught = 0;
        SourceCase.Of(kind).Sample(
            c =>
            {
                if (claimed(c.Plan) is not { } bounds)
                    return;
                (Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without) = Neighbours(c, twin);
                for (int i = 0; i < bounds.Length; i++)
                {
                    (long cells, BigInteger max, _, BigInteger squares) = BoundedCase.Difference(c.Plan, with, without, i);
                    if (cells > bounds[i].L0 || max > bounds[i].MaxChange || squares > bounds[i].SquaredL2)
                        Interlocked.Increment(ref caught);
                }
            },
            iter: 2_000);
        return caught > 0;
    }

    private static Sensitivity[] Planned(QueryPlan plan) => [.. plan.Components.Select(c => c.Sensitivity)];

    private static (Dictionary<string, BigInteger[]> With, Dictionary<string, BigInteger[]> Without) Neighbours(SourceCase c, SourceModel.Twin twin = SourceModel.Twin.Honest) =>
        (SourceModel.Sums(c.Plan, c.Rows, c.Others, c.Nonce, twin), SourceModel.Sums(c.Plan, c.RowsWithout, c.OthersWithout, c.Nonce, twin));
}
