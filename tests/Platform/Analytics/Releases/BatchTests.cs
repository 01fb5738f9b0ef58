using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class BatchTests
{
    private static readonly DateTime Noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Query Counted = new("shop", [new Measure(MeasureFunction.Count, "amount", "n")]) { GroupBy = [new ExpressionKey("action")], Epsilon = 0.5 };
    private static readonly Query Meant = Counted with { Measures = [new Measure(MeasureFunction.Mean, "amount", "n"), new Measure(MeasureFunction.Sum, "amount")] };
    private static readonly Query Elsewhere = Counted with { GroupBy = [] };

    [Fact]
    public async Task Queries_of_one_frame_are_one_release_and_each_gets_its_own_numbers()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        ImmutableArray<Answer> answers = await AskAsync(host, Meant, Elsewhere, Counted);
        Assert.Equal(answers[0].ReleaseId, answers[2].ReleaseId);
        Assert.NotEqual(answers[0].ReleaseId, answers[1].ReleaseId);
        Assert.Equal(["n", "sum_amount"], answers[0].Plan.Measures.Select(m => m.Name));
        Assert.Equal(["n"], answers[2].Plan.Measures.Select(m => m.Name));
        Assert.Equal([2m, 4m], Buy(answers[0]));
        Assert.Equal([2m], Buy(answers[2]));
        Assert.Equal([3m], answers[1].Rows[0].Values.Select(v => v.Value));
    }

    [Fact]
    public async Task What_is_shared_is_charged_once()
    {
        await using AnalyticsHost host = await StartAsync();
        ImmutableArray<Answer> answers = await AskAsync(host, Counted, Meant);
        long alone = Shop.Plan(Counted).Cost.Value + Shop.Plan(Meant).Cost.Value;
        long together = answers.Sum(a => a.Cost.NanoRho);
        long shared = Shop.Plan(Meant).Measures[0].Components[1].Cost.Value;
        Assert.Equal(alone - shared, together);
        Assert.Equal(together, answers[0].Cost.Accounts[0].SpentNanoRho);
        Assert.Equal(Shop.Plan(Counted).Cost.Value, answers[0].Cost.NanoRho);
        // One voucher, whatever number of accounts.
        Assert.Single((await host.ChargesAsync()).Select(c => c.Voucher).Distinct());
    }

    [Fact]
    public async Task The_identical_batch_replays_and_a_query_that_was_answered_before_costs_nothing()
    {
        await using AnalyticsHost host = await StartAsync();
        ImmutableArray<Answer> first = await AskAsync(host, Counted, Meant);
        ImmutableArray<Answer> again = await AskAsync(host, Counted, Meant);
        Assert.All(again, a => Assert.True(a.Replayed));
        Assert.Equal(0, again.Sum(a => a.Cost.NanoRho));
        Assert.Equal(first.SelectMany(a => a.Rows).SelectMany(r => r.Values), again.SelectMany(a => a.Rows).SelectMany(r => r.Values));

        Answer alone = await host.Queries.AskAsync(AnalyticsHost.Analyst, Elsewhere, AskOptions.Default, CancellationToken.None);
        Query other = Elsewhere with { Measures = [new Measure(MeasureFunction.Sum, "amount")] };
        ImmutableArray<Answer> mixed = await AskAsync(host, Elsewhere, other);
        Assert.Equal((alone.ReleaseId, true, 0), (mixed[0].ReleaseId, mixed[0].Replayed, mixed[0].Cost.NanoRho));
        Assert.Equal(Shop.Plan(other).Cost.Value, mixed[1].Cost.NanoRho);
    }

    [Fact]
    public async Task A_query_that_is_asked_twice_in_a_batch_is_paid_once()
    {
        await using AnalyticsHost host = await StartAsync();
        ImmutableArray<Answer> answers = await AskAsync(host, Counted, Counted);
        Assert.Equal([Shop.Plan(Counted).Cost.Value, 0], answers.Select(a => a.Cost.NanoRho));
        Assert.Equal(answers[0].ReleaseId, answers[1].ReleaseId);
    }

    [Fact]
    public async Task A_batch_is_charged_as_a_whole_or_not_at_all()
    {
        await using AnalyticsHost host = await StartAsync();
        Query dear = Elsewhere with { Epsilon = QueryLimits.MaxEpsilon };
        ImmutableArray<QueryPlanView> views = await host.Queries.PlanAllAsync(AnalyticsHost.Analyst, [Counted, dear], CancellationToken.None);
        Assert.All(views, v => Assert.False(v.Affordable));
        int aggregations = host.Events.Aggregations;
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(host, Counted, dear));
        Assert.Empty(await host.ChargesAsync());
        Assert.Equal(aggregations, host.Events.Aggregations);
        Assert.DoesNotContain(await host.RecordsAsync(), r => r.Action == AuditActions.BudgetCharge);
    }

    [Fact]
    public async Task A_dry_run_tells_what_the_batch_costs_and_touches_nothing()
    {
        await using AnalyticsHost host = await StartAsync();
        ImmutableArray<QueryPlanView> views = await host.Queries.PlanAllAsync(AnalyticsHost.Analyst, [Counted, Meant], CancellationToken.None);
        Assert.Empty(await host.ChargesAsync());
        Assert.Equal(0, host.Events.Aggregations);
        ImmutableArray<Answer> answers = await AskAsync(host, Counted, Meant);
        Assert.Equal(answers.Select(a => a.Cost.NanoRho), views.Select(v => v.Cost.NanoRho));
        Assert.All(views, v => Assert.True(v.Affordable));
    }

    [Fact]
    public async Task A_refusal_tells_which_query_it_is_about_and_nothing_is_charged()
    {
        await using AnalyticsHost host = await StartAsync();
        QueryRefusedException refused = await Assert.ThrowsAsync<QueryRefusedException>(
            () => AskAsync(host, Counted, Counted with { GroupBy = [new ExpressionKey("nowhere")] }));
        Assert.StartsWith("$.queries[1].group_by[0]", refused.Path, StringComparison.Ordinal);
        Assert.Empty(await host.ChargesAsync());
    }

    [Fact]
    public async Task Private_keys_are_selected_once_for_all_queries_of_a_frame()
    {
        await using AnalyticsHost host = await StartAsync();
        Query rows = Shop.Count(new ExpressionKey("city"));
        Query units = rows with { Measures = [new Measure(MeasureFunction.DistinctSubjects)] };
        ImmutableArray<Answer> answers = await AskAsync(host, rows, units);
        Assert.Equal(answers[0].Rows.Select(r => r.Keys[0]), answers[1].Rows.Select(r => r.Keys[0]));
        Assert.Equal(answers.Sum(a => a.Cost.NanoRho), answers[0].Cost.Accounts[0].SpentNanoRho);
        Assert.Equal(answers.Sum(a => a.Cost.AttoDelta), answers[0].Cost.Accounts[0].SpentAttoDelta);
    }

    [Fact]
    public async Task A_dry_run_that_does_not_fit_suggests_what_would()
    {
        await using AnalyticsHost host = await StartAsync();
        QueryPlanView view = await host.Queries.PlanAsync(AnalyticsHost.Analyst, Counted with { Epsilon = QueryLimits.MaxEpsilon }, CancellationToken.None);
        Assert.False(view.Affordable);
        Answer answer = await host.Queries.AskAsync(
            AnalyticsHost.Analyst, Counted with { Epsilon = view.LargestEpsilon }, AskOptions.Default, CancellationToken.None);
        Assert.False(answer.Replayed);
        Assert.Null((await host.Queries.PlanAsync(AnalyticsHost.Analyst, Counted with { Epsilon = view.LargestEpsilon }, CancellationToken.None)).RollUpFrom);
    }

    private static IEnumerable<decimal> Buy(Answer answer) => answer.Rows.Single(r => r.Keys[0] == "buy").Values.Select(v => v.Value);

    private static Task<ImmutableArray<Answer>> AskAsync(AnalyticsHost host, params ImmutableArray<Query> queries) =>
        host.Queries.AskAllAsync(AnalyticsHost.Analyst, queries, AskOptions.Default, CancellationToken.None);

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        await host.SettleAsync(dataset, Shop.ColumnsOf(dataset), [
            Shop.Row(1, Noon, "buy", "Wien", 5m), Shop.Row(2, Noon, "buy", "Wien", -1m), Shop.Row(3, Noon, "look", "Graz", 1m)]);
        return host;
    }
}
