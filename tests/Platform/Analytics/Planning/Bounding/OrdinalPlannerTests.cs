using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning.Bounding;

/// <summary>Ordinals answer where a rule of bounding-and-ledger, section 3, applies at no more noise than nesting; everything else nests.</summary>
public class OrdinalPlannerTests
{
    private static readonly PeriodKey Day = new(Period.Day);
    private static readonly ExpressionKey Action = new("action");
    private static readonly Query March = Shop.Count(Day, Action) with { From = On(3, 1), To = On(4, 1), Contribution = new ContributionBounds(10, 5) };

    [Theory]
    [InlineData(PrivacyUnit.Subject, 10 * 25)]
    [InlineData(PrivacyUnit.SubjectPerMonth, 10 * 25)]
    // One day has three actions at most.
    [InlineData(PrivacyUnit.SubjectPerDay, 3 * 25)]
    public void The_canonical_grouping_of_one_window_filters_groups_at_the_noise_of_nesting(PrivacyUnit unit, int squares)
    {
        QueryPlan plan = Plan(March, unit);
        Assert.Equal((10, 5, null), Filter(plan));
        Assert.Equal(squares, plan.Components[0].Sensitivity.SquaredL2);
        Assert.Equal(squares, OrdinalQuestion.PlanOf(March, OrdinalQuestion.Events(unit, "UTC"), Shop.From).Components[0].Sensitivity.SquaredL2);
    }

    [Fact]
    public void A_clamped_sum_and_a_mean_are_bounded_row_by_row()
    {
        QueryPlan plan = Plan(March with { Measures = [new(MeasureFunction.Sum, "amount"), new(MeasureFunction.Mean, "amount")] }, PrivacyUnit.SubjectPerMonth);
        Assert.NotNull(plan.Ordinals);
        // B = 12 half steps of -4 to 12, then the width of 16; 10 groups of 5 rows.
        Assert.Equal([10 * 60 * 60, 10 * 80 * 80, 10 * 5 * 5], plan.Components.Select(c => c.Sensitivity.SquaredL2));
        Assert.Equal(10 * 60, plan.Components[0].Sensitivity.L1);
    }

    [Fact]
    public void Windows_of_one_unit_add_up_so_that_two_months_of_a_subject_nest()
    {
        Assert.Null(Plan(March with { To = On(5, 1) }, PrivacyUnit.Subject).Ordinals);
        Assert.NotNull(Plan(March with { To = On(5, 1) }, PrivacyUnit.SubjectPerMonth).Ordinals);
    }

    [Fact]
    public void Windows_that_are_not_all_sealed_nest()
    {
        DateTime april = new(2024, 4, 1, 0, 0, 0, DateTimeKind.Utc);
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerDay, "UTC");
        Assert.NotNull(OrdinalQuestion.PlanOf(March, dataset, april).Ordinals);
        Assert.Null(OrdinalQuestion.PlanOf(March, dataset, april.AddDays(-1)).Ordinals);
    }

    [Fact]
    public void Constant_conditions_that_leave_at_most_k_groups_spare_the_group_filter()
    {
        Query buys = March with { GroupBy = [Day], Where = [Expression.Condition("action", Operation.Equal, [Literal.Of("buy")])] };
        QueryPlan plan = Plan(buys with { Contribution = new ContributionBounds(31, 5) }, PrivacyUnit.SubjectPerMonth);
        Assert.Equal((null, 5, null), Filter(plan));
        Assert.Equal(31 * 25, plan.Components[0].Sensitivity.SquaredL2);
        // 31 days of one action are more than 10 of all actions.
        Assert.Null(Plan(buys, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.Equal((null, 5, null), Filter(Plan(buys with { To = On(3, 11) }, PrivacyUnit.SubjectPerMonth)));
        Assert.Equal((null, 5, null), Filter(Plan(buys, PrivacyUnit.SubjectPerDay)));
        // Two actions of ten days are twenty groups.
        Query two = buys with { To = On(3, 11), Where = [Expression.Condition("action", Operation.In, [Literal.Of("buy"), Literal.Of("look")])] };
        Assert.Null(Plan(two, PrivacyUnit.SubjectPerMonth).Ordinals);
    }

    [Fact]
    public void A_total_of_whole_windows_filters_rows_of_the_window_and_pays_R_itself()
    {
        foreach (PrivacyUnit unit in Enum.GetValues<PrivacyUnit>())
        {
            QueryPlan plan = Plan(March with { GroupBy = [], From = On(3, unit == PrivacyUnit.SubjectPerWeek ? 4 : 1) }, unit);
            Assert.Equal((null, null, 5), Filter(plan));
            Assert.Equal((5, 25), (plan.Components[0].Sensitivity.L1, plan.Components[0].Sensitivity.SquaredL2));
        }

        // The filter ranks rows that a condition or half a window leaves out, and rows without a value.
        Query total = March with { GroupBy = [] };
        Assert.Null(Plan(total with { Where = [Expression.Condition("city", Operation.Equal, [Literal.Of("Wien")])] }, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.Null(Plan(total with { From = On(3, 5) }, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.Null(Plan(total with { Measures = [new(MeasureFunction.Sum, "amount")] }, PrivacyUnit.SubjectPerMonth).Ordinals);
    }

    [Fact]
    public void Groups_that_merge_in_a_cell_nest_where_that_costs_noise()
    {
        Assert.Null(Plan(March with { GroupBy = [Action] }, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.Null(Plan(March with { GroupBy = [Day] }, PrivacyUnit.SubjectPerMonth).Ordinals);
        // A day of another zone begins in one day and ends in the next.
        Assert.Null(Plan(March with { TimeZone = "Asia/Tokyo" }, PrivacyUnit.SubjectPerMonth).Ordinals);
        Query substring = March with { GroupBy = [Day, new ExpressionKey(new OperationExpression(Operation.Prefix, [new FieldExpression("action"), new ConstantExpression(Literal.Of(1m))]))] };
        Assert.Null(Plan(substring, PrivacyUnit.SubjectPerMonth).Ordinals);
    }

    [Theory]
    // The 26 hours of a last Sunday of October in Troll touch three days of Lagos.
    [InlineData("Africa/Lagos", "Antarctica/Troll", Period.Day, "2024-10-26T22:00Z", "2024-10-28T00:00Z", 3)]
    [InlineData("UTC", "Asia/Tokyo", Period.Day, "2024-10-26T15:00Z", "2024-10-27T15:00Z", 2)]
    [InlineData("Asia/Tokyo", "Asia/Tokyo", Period.Day, "2024-10-26T15:00Z", "2024-10-27T15:00Z", 1)]
    // Days of Kolkata begin at 18:30 UTC, inside of an hour.
    [InlineData("Asia/Kolkata", "UTC", Period.Hour, "2024-10-27T18:00Z", "2024-10-27T19:00Z", 2)]
    public void One_cell_holds_the_groups_of_every_day_of_the_dataset_that_it_meets(string zone, string asked, Period period, string from, string to, int days)
    {
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerMonth, zone);
        string[] cities = [.. Enumerable.Range(0, 20).Select(i => $"city {(char)('a' + i)}")];
        dataset = dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == "city" ? f with { Domain = [.. cities] } : f)] };
        QueryPlan plan = OrdinalQuestion.PlanOf(
            March with
            {
                GroupBy = [new PeriodKey(period), new ExpressionKey("city")],
                Where = [Expression.Condition("action", Operation.Equal, [Literal.Of("buy")])],
                From = RangeEdge.At(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture)),
                To = RangeEdge.At(DateTimeOffset.Parse(to, CultureInfo.InvariantCulture)),
                TimeZone = asked,
                Contribution = new ContributionBounds(20, 3),
            },
            dataset);
        Assert.NotNull(plan.Ordinals);
        Assert.Equal(days * 3, plan.Components[0].Sensitivity.MaxChange);
        Assert.Equal(days * 3 * days * 3, plan.Components[0].Sensitivity.SquaredL2);
    }

    [Fact]
    public void Distinct_subjects_are_first_rows_where_keys_are_the_group_and_nothing_else_is_asked()
    {
        Query distinct = March with { Measures = [new(MeasureFunction.Count), new(MeasureFunction.DistinctSubjects)] };
        QueryPlan plan = Plan(distinct, PrivacyUnit.SubjectPerMonth);
        Assert.NotNull(plan.Ordinals);
        Assert.Equal([10 * 25, 10], plan.Components.Select(c => c.Sensitivity.SquaredL2));
        Query filtered = distinct with { Where = [Expression.Condition("action", Operation.NotEqual, [Literal.Of("look")])] };
        Assert.NotNull(Plan(filtered, PrivacyUnit.SubjectPerMonth).Ordinals);
        Query cities = distinct with { Where = [Expression.Condition("city", Operation.Equal, [Literal.Of("Wien")])] };
        Assert.Null(Plan(cities, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.NotNull(Plan(cities with { Measures = [new(MeasureFunction.Count)] }, PrivacyUnit.SubjectPerMonth).Ordinals);
        Assert.Null(Plan(distinct with { GroupBy = [Day], Contribution = new ContributionBounds(40, 1) }, PrivacyUnit.SubjectPerMonth).Ordinals);
    }

    [Fact]
    public void Private_keys_are_selected_by_first_rows_under_the_same_rule()
    {
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerMonth, "UTC");
        dataset = dataset with { Fields = [.. dataset.Fields.Select(f => f.Name == "action" ? f with { Domain = null } : f)] };
        QueryPlan plan = OrdinalQuestion.PlanOf(March, dataset);
        Assert.NotNull(plan.Ordinals);
        Assert.Equal((10, 10), (plan.Selection!.Component.Sensitivity.L0, plan.Selection.Component.Sensitivity.SquaredL2));
        Assert.Null(OrdinalQuestion.PlanOf(March with { GroupBy = [Day, new ExpressionKey("city")] }, dataset).Ordinals);
    }

    [Fact]
    public void What_keeps_or_drops_single_values_nests()
    {
        Assert.Null(Plan(March with { Measures = [new(MeasureFunction.Quantiles, "amount") { Points = [0.5m] }] }, PrivacyUnit.SubjectPerDay).Ordinals);
        Assert.Null(Plan(March with { Measures = [new(MeasureFunction.Count), new(MeasureFunction.DistinctValues, "city")] }, PrivacyUnit.SubjectPerDay).Ordinals);
    }

    [Fact]
    public void A_dataset_without_actions_ranks_by_day()
    {
        QueryPlan plan = Shop.Plan(March with { GroupBy = [Day] }, Shop.Dataset(PrivacyUnit.SubjectPerDay));
        Assert.Null(plan.Ordinals);
        plan = Shop.Plan(March with { GroupBy = [Day, Action] }, Shop.Dataset(PrivacyUnit.SubjectPerDay), OrdinalQuestion.Sealed);
        // A day is one group of up to 5 rows, which may be of three actions; nesting keeps 5 of each.
        Assert.Equal((null, 5, null), Filter(plan));
        Assert.Equal(25, plan.Components[0].Sensitivity.SquaredL2);
    }

    [Fact]
    public void The_way_is_part_of_the_hash_and_the_nested_twin_is_known()
    {
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerMonth, "UTC");
        QueryPlan plan = OrdinalQuestion.PlanOf(March, dataset);
        QueryPlan nested = OrdinalQuestion.PlanOf(March, dataset, Shop.From);
        Assert.NotEqual(nested.HashText, plan.HashText);
        Assert.Equal(nested.Hash, plan.NestedHash);
        Assert.Equal(nested.Hash, nested.NestedHash);
        Assert.Equal(plan.HashText, plan.At(plan.Epsilon, plan.Delta).HashText);
        PlanSummary summary = PlanSummaries.Of(plan);
        Assert.Equal(("ordinals", 10, null), (summary.Truncation, summary.GroupsPerWindow, summary.RowsPerWindow));
        Assert.Equal("nested", PlanSummaries.Of(nested).Truncation);
    }

    private static QueryPlan Plan(Query query, PrivacyUnit unit) => OrdinalQuestion.PlanOf(query, OrdinalQuestion.Events(unit, "UTC"));

    private static (int? Groups, int? Rows, int? Window) Filter(QueryPlan plan)
    {
        Assert.NotNull(plan.Ordinals);
        OrdinalBounds bounds = plan.Ordinals.RowBounds;
        return (bounds.GroupsKept, bounds.RowsKeptPerGroup, bounds.RowsKeptPerWindow);
    }

    private static RangeEdge On(int month, int day) => RangeEdge.On(new DateOnly(2024, month, day));
}
