using System.Collections.Immutable;
using System.Numerics;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Platform.Tests.Analytics.Planning;
using ContributionBounds = Opaline.Catalog.ContributionBounds;

namespace Opaline.Platform.Tests.Analytics.Releases.RollUps;

public class RollUpTests
{
    // As many groups as any of these questions has cells, so that none is left out.
    private static readonly ContributionBounds Wide = new(90, 5);

    private static readonly Query Daily = new("shop", [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.Sum, "amount")])
    {
        GroupBy = [new PeriodKey(Period.Day)],
        From = Edge(3, 4),
        To = Edge(4, 1),
        Epsilon = 4,
        Contribution = Wide,
    };

    private static readonly Query Weekly = Daily with { GroupBy = [new PeriodKey(Period.Week)], Epsilon = 0.2 };

    [Fact]
    public async Task A_coarser_period_is_added_up_at_no_cost()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Answer days = await host.AskAsync(Daily);
        (int count, int charges) = (host.Events.Aggregations, (await host.ChargesAsync()).Count);
        Answer weeks = await host.AskAsync(Weekly);
        Assert.Equal((days.ReleaseId, 0), (weeks.RolledUpFrom, weeks.Cost.NanoRho));
        Assert.Equal((count, charges), (host.Events.Aggregations, (await host.ChargesAsync()).Count));
        Assert.Equal((days.AsOf, days.Epoch), (weeks.AsOf, weeks.Epoch));
        Assert.Equal(["2024-03-04", "2024-03-11", "2024-03-18", "2024-03-25"], weeks.Rows.Select(r => r.Keys[0]));
        Answer fresh = await host.AskAsync(Weekly, fresh: true);
        Assert.Null(fresh.RolledUpFrom);
        Assert.True(fresh.Cost.NanoRho > 0);
        // Without noise and within the bounds both are the truth.
        Assert.Equal(fresh.Rows.SelectMany(r => r.Values).Select(v => v.Value), weeks.Rows.SelectMany(r => r.Values).Select(v => v.Value));
    }

    [Fact]
    public async Task Its_margin_is_that_of_the_sum_of_noises_and_it_shows_the_bounds_of_its_source()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer days = await host.AskAsync(Daily);
        Answer weeks = await host.AskAsync(Weekly);
        IDiscreteNoise law = Shop.Plan(Daily).Components[0].Noise.Law;
        BigInteger seven = new SumAccuracy([.. Enumerable.Repeat((law, BigInteger.One), 7)], 0.95).HalfWidth;
        Assert.All(weeks.Rows, r => Assert.Equal((decimal)seven, r.Values[0].Margin95));
        Assert.Equal((decimal)seven, weeks.Plan.Measures[0].Margin95);
        Assert.Equal(days.Rows.Take(7).Sum(r => r.Values[0].Value), weeks.Rows[0].Values[0].Value);
        Assert.Equal((days.Plan.Groups, days.Plan.RowsPerGroup, days.Plan.BoundsSetBy), (weeks.Plan.Groups, weeks.Plan.RowsPerGroup, weeks.Plan.BoundsSetBy));
        Assert.Equal(days.Plan.Measures[0].Components[0].SigmaSquared, weeks.Plan.Measures[0].Components[0].SigmaSquared);
    }

    [Fact]
    public async Task Part_of_the_range_made_of_whole_cells_is_as_exact_as_its_source()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer days = await host.AskAsync(Daily);
        Answer part = await host.AskAsync(Daily with { From = Edge(3, 6), To = Edge(3, 20), Epsilon = 2 });
        Assert.Equal(days.ReleaseId, part.RolledUpFrom);
        Assert.Equal(days.Rows.Skip(2).Take(14).SelectMany(r => r.Values), part.Rows.SelectMany(r => r.Values));
    }

    [Fact]
    public async Task A_question_for_other_noise_is_answered_and_told_which_noise_it_has()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer days = await host.AskAsync(Daily);
        Answer weeks = await host.AskAsync(Weekly with { Mechanism = NoiseMechanism.DiscreteLaplace });
        Assert.Equal((days.ReleaseId, NoiseMechanism.DiscreteGaussian), (weeks.RolledUpFrom, weeks.Plan.Mechanism));
    }

    [Fact]
    public async Task A_less_exact_sum_is_not_used()
    {
        await using AnalyticsHost host = await StartAsync();
        await host.AskAsync(Daily);
        Answer weeks = await host.AskAsync(Weekly with { Epsilon = 4 });
        Assert.Null(weeks.RolledUpFrom);
        Assert.Equal(Shop.Plan(Weekly with { Epsilon = 4 }).Cost.Value, weeks.Cost.NanoRho);
    }

    [Fact]
    public async Task Public_keys_are_dropped_where_conditions_leave_no_row_outside_of_them()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Query byAction = Daily with { GroupBy = [new ExpressionKey("action"), new PeriodKey(Period.Day)] };
        await host.AskAsync(byAction);
        // Actions outside of the domain are in no cell of the source.
        Assert.Null((await host.AskAsync(Daily with { Epsilon = 0.1 })).RolledUpFrom);

        Expression known = Expression.Condition("action", Operation.In, [Literal.Of("buy"), Literal.Of("look")]);
        Answer source = await host.AskAsync(byAction with { Where = [known] });
        Answer all = await host.AskAsync(Daily with { Where = [known], Epsilon = 0.2 });
        Assert.Equal(source.ReleaseId, all.RolledUpFrom);
        Answer truth = await host.AskAsync(Daily with { Where = [known], Epsilon = 0.2 }, fresh: true);
        Assert.Equal(truth.Rows.Select(r => r.Values[0].Value), all.Rows.Select(r => r.Values[0].Value));
    }

    [Theory]
    [InlineData("where")]
    [InlineData("bounds")]
    [InlineData("zone")]
    [InlineData("range")]
    [InlineData("months")]
    [InlineData("measure")]
    [InlineData("subjects")]
    [InlineData("private")]
    [InlineData("old")]
    public async Task What_is_not_contained_is_charged(string difference)
    {
        await using AnalyticsHost host = await StartAsync();
        await host.AskAsync(Daily);
        Query other = difference switch
        {
            "where" => Weekly with { Where = [Expression.Condition("action", Operation.Equal, [Literal.Of("buy")])] },
            "bounds" => Weekly with { Contribution = new ContributionBounds(9, 5) },
            "zone" => Weekly with { TimeZone = "Europe/Vienna", From = RangeEdge.At(Instant(3, 4)), To = RangeEdge.At(Instant(4, 1)) },
            "range" => Weekly with { To = Edge(4, 8) },
            // March begins before the release does.
            "months" => Weekly with { GroupBy = [new PeriodKey(Period.Month)], From = Edge(3, 1) },
            "measure" => Weekly with { Measures = [new Measure(MeasureFunction.Sum, "qty")] },
            "subjects" => Weekly with { Measures = [new Measure(MeasureFunction.DistinctSubjects)] },
            "private" => Weekly with { GroupBy = [new PeriodKey(Period.Week), new ExpressionKey("city")] },
            _ => Weekly,
        };
        if (difference == "old")
        {
            host.Advance(TimeSpan.FromDays(2));
        }

        Answer answer = await host.AskAsync(other);
        Assert.Null(answer.RolledUpFrom);
        Assert.True(answer.Cost.NanoRho > 0);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task A_release_that_left_groups_of_a_unit_out_is_not_added_up(int groups, bool complete)
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Expression known = Expression.Condition("action", Operation.In, [Literal.Of("buy"), Literal.Of("look"), Literal.Of("return")]);
        Query all = Shop.Count() with { Where = [known], Contribution = new ContributionBounds(groups, 20), Epsilon = 0.1 };
        // There are three actions.
        Answer byAction = await host.AskAsync(all with { GroupBy = [new ExpressionKey("action")], Epsilon = 4 });
        Assert.Equal(!complete, byAction.Plan.Ranked);
        Answer total = await host.AskAsync(all);
        Assert.Equal(complete ? byAction.ReleaseId : null, total.RolledUpFrom);
        Assert.Equal(complete, total.Cost.NanoRho == 0);
    }

    [Fact]
    public void Filters_on_ordinals_that_are_not_the_questions_own_are_not_added_up()
    {
        QueryPlan weeks = Shop.Plan(Weekly);
        RollUpSource days = RollUpSource.Of(Shop.Plan(Daily))!;
        Assert.NotNull(RollUp.Find(weeks, days, new SummedNoise()));
        Assert.Null(RollUp.Find(weeks, days with { GroupsPerWindow = 3, RowsPerGroup = 5 }, new SummedNoise()));
        Assert.Null(RollUp.Find(weeks, days with { RowsPerGroup = 5 }, new SummedNoise()));
    }

    [Fact]
    public async Task So_many_Laplace_noises_that_their_law_takes_long_are_not_added_up()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Query hours = Shop.Count(new PeriodKey(Period.Hour)) with
        {
            From = Edge(3, 4), To = Edge(4, 1), Contribution = new ContributionBounds(672, 1), Epsilon = 5, Mechanism = NoiseMechanism.DiscreteLaplace,
        };
        Answer source = await host.AskAsync(hours);
        Query days = hours with { GroupBy = [new PeriodKey(Period.Day)], Epsilon = 0.01 };
        Assert.Equal(source.ReleaseId, (await host.AskAsync(days)).RolledUpFrom);
        Assert.Null((await host.AskAsync(days with { GroupBy = [], Epsilon = 1e-4 })).RolledUpFrom);
    }

    [Fact]
    public async Task Distinct_counts_of_a_release_are_never_added_up()
    {
        await using AnalyticsHost host = await StartAsync();
        Query people = Daily with { Measures = [new Measure(MeasureFunction.DistinctSubjects)] };
        await host.AskAsync(people);
        Assert.Null((await host.AskAsync(people with { GroupBy = [new PeriodKey(Period.Week)], Epsilon = 0.1 })).RolledUpFrom);
        Assert.Null((await host.AskAsync(people with { From = Edge(3, 6), Epsilon = 0.1 })).RolledUpFrom);
    }

    [Fact]
    public async Task A_dry_run_tells_the_release_that_would_be_added_up()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer days = await host.AskAsync(Daily);
        QueryPlanView view = await host.Queries.PlanAsync(AnalyticsHost.Analyst, Weekly, CancellationToken.None);
        Assert.Equal(days.ReleaseId, view.RollUpFrom);
        Assert.False(view.ReplayAvailable);
    }

    [Fact]
    public async Task Columns_made_of_added_numbers_have_the_interval_of_all_their_noises()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer days = await host.AskAsync(Daily);
        Presentation presentation = QueryJson.Parse(
            """
            {"dataset":"shop","measures":[{"function":"count"}],"columns":[
             {"expression":{"op":"add","args":[{"field":"count"},{"field":"sum_amount"}]},"name":"both"},
             {"expression":{"op":"divide","args":[{"field":"sum_amount"},{"field":"count"}]},"name":"ratio"}]}
            """).Presentation!;
        Answer weeks = await host.AskAsync(Weekly with { Presentation = presentation });
        Assert.Equal(days.ReleaseId, weeks.RolledUpFrom);
        // A step of the sum is half a unit, so five tenths.
        (IDiscreteNoise count, IDiscreteNoise sum) = (Shop.Plan(Daily).Components[0].Noise.Law, Shop.Plan(Daily).Components[1].Noise.Law);
        BigInteger tenths = new SumAccuracy(
            [.. Enumerable.Repeat((count, (BigInteger)10), 7), .. Enumerable.Repeat((sum, (BigInteger)5), 7)], 0.95).HalfWidth;
        Assert.All(weeks.Table.Rows, r => Assert.Equal((decimal)tenths / 10, r.Values[0]!.High - r.Values[0]!.Value));
        Assert.All(weeks.Table.Rows, r => Assert.Null(r.Values[1]?.Low));
    }

    [Fact]
    public async Task Pairs_of_a_join_are_added_up_where_the_join_is_the_same()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Dataset visits = await host.DeclareAsync(Shop.Declaration(name: "visits"));
        await host.SettleAsync(visits, [
            .. Enumerable.Range(0, 60).Select(i => Shop.Row(i % 40, Instant(3, 4).AddHours(i * 9), "look", "Graz", 1m))]);
        Query days = Daily with { Source = new JoinSource("shop", "visits"), Measures = [new Measure(MeasureFunction.Count)], Contribution = new ContributionBounds(28, 200) };
        Query weeks = days with { GroupBy = [new PeriodKey(Period.Week)], Epsilon = 0.1 };
        Answer source = await host.AskAsync(days);
        Answer added = await host.AskAsync(weeks);
        Assert.Equal(source.ReleaseId, added.RolledUpFrom);
        Answer fresh = await host.AskAsync(weeks, fresh: true);
        Assert.True(fresh.Rows[0].Values[0].Value > 0);
        Assert.Equal(fresh.Rows.Select(r => r.Values[0].Value), added.Rows.Select(r => r.Values[0].Value));
        Assert.Null((await host.AskAsync(weeks with { Source = new JoinSource("shop", "visits", JoinKind.Left) })).RolledUpFrom);
        // What is paired depends on the whole range.
        Assert.Null((await host.AskAsync(weeks with { To = Edge(3, 25) })).RolledUpFrom);
    }

    [Fact]
    public async Task A_behaviour_is_neither_added_up_nor_added_to()
    {
        await using AnalyticsHost host = await StartAsync();
        Query sessions = new(new SessionSource("shop", TimeSpan.FromMinutes(30)), []) { GroupBy = [new PeriodKey(Period.Day)], From = Edge(3, 4), To = Edge(4, 1), Epsilon = 4 };
        await host.AskAsync(sessions);
        Assert.Null((await host.AskAsync(sessions with { GroupBy = [new PeriodKey(Period.Week)], Epsilon = 0.1 })).RolledUpFrom);
        Query rows = sessions with { Measures = [new Measure(MeasureFunction.Count)], Contribution = Wide };
        Answer days = await host.AskAsync(rows);
        Assert.Null(days.RolledUpFrom);
        // Rows of sessions that were asked for as rows are cells like any other.
        Assert.Equal(days.ReleaseId, (await host.AskAsync(rows with { GroupBy = [new PeriodKey(Period.Week)], Epsilon = 0.1 })).RolledUpFrom);
    }

    [Fact]
    public async Task A_sum_over_sealed_months_is_labelled_with_their_ordinals()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence, Rich);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerMonth));
        long lsn = await host.SettleAsync(dataset, [
            .. Enumerable.Range(0, 8).Select(i => Shop.Row(1, Shop.From.AddDays(i), "buy")), Shop.Row(2, Shop.From.AddDays(40), null)]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Answer months = await host.AskAsync(Shop.Count(new PeriodKey(Period.Month)) with { Epsilon = 4 });
        Answer year = await host.AskAsync(Shop.Count() with { Epsilon = 0.1 });
        Assert.Equal(months.ReleaseId, year.RolledUpFrom);
        Assert.Equal(("ordinals", 5, 5m + 1), (year.Plan.Truncation, year.Plan.RowsPerWindow, year.Rows[0].Values[0].Value));
    }

    private static void Rich(AnalyticsOptions options) =>
        options.Budgets.Dataset.Epsilon = options.Budgets.Department.Epsilon = options.Budgets.Principal.Epsilon = 100;

    private static DateTime Instant(int month, int day) => new(2024, month, day, 0, 0, 0, DateTimeKind.Utc);

    private static RangeEdge Edge(int month, int day) => RangeEdge.On(new DateOnly(2024, month, day));

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw, Rich);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        ImmutableArray<string> actions = ["buy", "look", "odd"];
        await host.SettleAsync(dataset, [
            .. Enumerable.Range(0, 200).Select(i => Shop.Row(i % 70, Instant(3, 4).AddHours(i * 3.3), actions[i % 3], "Wien", (i % 9) - 2m))]);
        return host;
    }
}
