using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>Adding or removing one unit never moves what a plan by ordinals adds up by more than the plan says.</summary>
public class OrdinalQuestionTests
{
    // bounding-and-ledger, section 3: what is added up.
    private const string Counted = "rows are counted";
    private const string Summed = "rows are clamped and summed";
    private const string Centred = "a mean and a variance are of the same rows, centred";
    private const string Distinct = "distinct subjects are the first rows of canonical groups";
    private const string Selected = "private keys are selected by the first rows of canonical groups";

    [Fact]
    public void One_unit_moves_no_sum_of_a_plan_by_more_than_its_bound_which_is_reached()
    {
        RulesMet rules = new();
        bool[] reached = new bool[2];
        OrdinalQuestion.Generator.Sample(
            question =>
            {
                Assert.NotNull(question.Plan.Ordinals);
                (Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without) = Sums(question, r => BoundedModel.SumsByOrdinals(question.Plan, r));
                Assert.True(BoundedCase.Within(question.Plan, with, without));
                foreach ((int place, Component component) in question.Plan.Components.Index())
                {
                    if (BoundedCase.Difference(question.Plan, with, without, place).Cells > 0)
                        rules.Count(RuleOf(question.Plan, component));
                }

                Component first = question.Plan.Components[0];
                // Cases run at the same time: what one has set no other may take back.
                if (BoundedCase.Difference(question.Plan, with, without, 0).Squares == first.Sensitivity.SquaredL2)
                    reached[question.Plan.Keys.IsEmpty ? 0 : 1] = true;
            },
            iter: LongRuns.Times(3_000, 34));
        rules.AssertMet(Counted, Summed, Centred, Distinct, Selected);
        Assert.All(reached, Assert.True);
    }

    [Fact]
    public void A_writer_that_forgets_the_group_filter_is_caught() =>
        Assert.True(Caught((question, rows) => BoundedModel.SumsByOrdinals(question.Plan, rows, forgetGroups: true), p => p));

    [Fact]
    public void A_writer_that_keeps_rows_without_ordinals_is_caught() => Assert.True(Caught(
        (question, rows) => BoundedModel.SumsByOrdinals(question.Plan, rows.Select(r => (r.Row, (int[]?)null)), keepUnranked: true), p => p));

    [Fact]
    public void A_planner_that_charges_the_root_of_R_is_caught() => Assert.True(Caught(
        (question, rows) => BoundedModel.SumsByOrdinals(question.Plan, rows),
        component => component with { Sensitivity = component.Sensitivity with { SquaredL2 = component.Sensitivity.MaxChange } }));

    private static string RuleOf(QueryPlan plan, Component component) => component.Shape.Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => Counted,
        ComponentKind.Sum => Summed,
        ComponentKind.CentredSum or ComponentKind.CentredSquares => Centred,
        ComponentKind.Units => plan.Selection is null ? Distinct : Selected,
        _ => throw new NotSupportedException(),
    };

    private static (Dictionary<string, BigInteger[]> With, Dictionary<string, BigInteger[]> Without) Sums(
        OrdinalQuestion question, Func<IEnumerable<(BoundedModel.Row Row, int[]? Ordinals)>, Dictionary<string, BigInteger[]>> sums)
    {
        ImmutableArray<(BoundedModel.Row Row, int[]? Ordinals)> all = OrdinalQuestion.Rank(question.Plan.Dataset, question.Rows);
        // Ranks of the others do not know that the unit is gone.
        return (sums(all), sums(OrdinalQuestion.Rank(question.Plan.Dataset, question.Rows.Where(r => !question.Unit.Contains(r)))));
    }

    private static bool Caught(
        Func<OrdinalQuestion, IEnumerable<(BoundedModel.Row Row, int[]? Ordinals)>, Dictionary<string, BigInteger[]>> sums, Func<Component, Component> charged)
    {
        bool caught = false;
        OrdinalQuestion.Generator.Sample(
            question =>
            {
                (Dictionary<string, BigInteger[]> with, Dictionary<string, BigInteger[]> without) = Sums(question, r => sums(question, r));
                QueryPlan plan = question.Plan with
                {
                    // What measures share stays one.
                    Measures = SharedComponents.Of([.. question.Plan.Measures.Select(m => m with { Components = [.. m.Components.Select(charged)] })]),
                };
                if (!BoundedCase.Within(plan, with, without))
                    caught = true;
            },
            iter: 1_000);
        return caught;
    }
}
