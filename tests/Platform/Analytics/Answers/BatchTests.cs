using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Answers;

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
    public async Task A_batch_whose_engine_fails_half_way_keeps_what_was_computed_and_completes_when_asked_again()
    {
        await using AnalyticsHost host = await StartAsync();
        int asked = 0;
        host.Events.Before = () => ++asked == 2 ? throw new StorageFailureException("failed") : Task.CompletedTask;
        await Assert.ThrowsAsync<EngineFailureException>(() => AskAsync(host, Counted, Elsewhere));
        Assert.Equal([EngineFailureException.Code, "ok"], (await host.RecordsAsync()).Where(r => r.Action == AuditActions.DataAccess).Select(r => r.Outcome));
        int charges = (await host.ChargesAsync()).Count;

        ImmutableArray<Answer> answers = await AskAsync(host, Counted, Elsewhere);
        Assert.Equal([true, false], answers.Select(a => a.Replayed));
        Assert.All(answers, a => Assert.Equal(0, a.Cost.NanoRho));
        Assert.Equal(charges, (await host.ChargesAsync()).Count);
    }

    [Fact]
    public async Task A_fresh_batch_whose_engine_fails_half_way_completes_without_another_charge_when_asked_again()
    {
        await using AnalyticsHost host = await StartAsync();
        AskOptions fresh = new(Fresh: true);
        int asked = 0;
        host.Events.Before = () => ++asked == 2 ? throw new StorageFailureException("failed") : Task.CompletedTask;
        await Assert.ThrowsAsync<EngineFailureException>(() => host.Queries.AskAllAsync(AnalyticsHost.Analyst, [Counted, Elsewhere], fresh, CancellationToken.None));
        int charges = (await host.ChargesAsync()).Count;

        ImmutableArray<Answer> answers = await host.Queries.AskAllAsync(AnalyticsHost.Analyst, [Counted, Elsewhere], fresh, CancellationToken.None);
        Assert.Equal([false, false], answers.Select(a => a.Replayed));
        Assert.All(answers, a => Assert.Equal(0, a.Cost.NanoRho));
        Assert.Equal(charges, (await host.ChargesAsync()).Count);
        Assert.All(await host.Queries.AskAllAsync(AnalyticsHost.Analyst, [Counted, Elsewhere], fresh, CancellationToken.None), a => Assert.True(a.Cost.NanoRho > 0));
    }

    [Fact]
    public async Task A_voucher_that_another_call_has_used_meanwhile_is_a_failure_with_its_record_and_no_second_release()
    {
        await using AnalyticsHost host = await StartAsync();
        host.Events.Before = () => host.Control.WriteAsync(t => t.Execute("UPDATE voucher SET state = 'released'"), CancellationToken.None);
        await Assert.ThrowsAsync<EngineFailureException>(() => AskAsync(host, Counted));
        Assert.Equal([EngineFailureException.Code], (await host.RecordsAsync()).Where(r => r.Action == AuditActions.DataAccess).Select(r => r.Outcome));
        Assert.Equal(0L, await host.Control.ReadAsync(c => c.Scalar("SELECT COUNT(*) FROM release"), CancellationToken.None));
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
        Assert.All(answers, a => Assert.Equal(a.Plan.Measures.Sum(m => m.NanoRho), a.Cost.NanoRho));
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

        Answer alone = await host.AskAsync(Elsewhere);
        Query other = Elsewhere with { Measures = [new Measure(MeasureFunction.Sum, "amount")] };
        ImmutableArray<Answer> mixed = await AskAsync(host, Elsewhere, other);
        Assert.Equal((alone.ReleaseId, true, 0), (mixed[0].ReleaseId, mixed[0].Replayed, mixed[0].Cost.NanoRho));
        Assert.Equal(Shop.Plan(other).Cost.Value, mixed[1].Cost.NanoRho);
    }

    [Fact]
    public async Task The_batch_in_another_order_replays_and_so_does_each_of_its_queries_alone()
    {
        await using AnalyticsHost host = await StartAsync();
        Query people = Shop.Count(new ExpressionKey("city")) with { Measures = [new Measure(MeasureFunction.DistinctSubjects)], Epsilon = 3 };
        ImmutableArray<Query> batch = [Counted, Meant, people, people with { Measures = [new Measure(MeasureFunction.Count)] }];
        ImmutableArray<Answer> first = await AskAsync(host, batch);
        Assert.Equal(2, await PaidAsync());
        ImmutableArray<Answer> turned = await AskAsync(host, [.. batch.Reverse()]);
        Same(first, [.. turned.Reverse()]);
        List<Answer> alone = [];
        foreach (Query query in batch)
            alone.Add((await AskAsync(host, query))[0]);
        Same(first, [.. alone]);
        // A query that is new leaves the others free.
        ImmutableArray<Answer> more = await AskAsync(host, Meant, Counted with { Measures = [new Measure(MeasureFunction.Sum, "qty")] });
        Same([first[1]], [more[0]]);
        Assert.False(more[1].Replayed);
        Assert.Equal(3, await PaidAsync());

        async Task<int> PaidAsync() => (await host.ChargesAsync()).Select(c => c.Voucher).Distinct().Count();

        static void Same(ImmutableArray<Answer> answers, ImmutableArray<Answer> again)
        {
            Assert.All(again, a => Assert.Equal((true, 0), (a.Replayed, a.Cost.NanoRho)));
            Assert.Equal(answers.Select(a => a.ReleaseId), again.Select(a => a.ReleaseId));
            Assert.Equal(answers.Select(a => a.Plan.Measures.Select(m => m.Name)), again.Select(a => a.Plan.Measures.Select(m => m.Name)));
            Assert.Equal(
                answers.Select(a => a.Table.Rows.Select(r => (string.Join('|', r.Keys), string.Join('|', r.Values)))),
                again.Select(a => a.Table.Rows.Select(r => (string.Join('|', r.Keys), string.Join('|', r.Values)))));
        }
    }

    [Fact]
    public async Task A_query_of_a_batch_is_charged_again_when_the_release_is_too_old()
    {
        await using AnalyticsHost host = await StartAsync();
        await AskAsync(host, Counted, Meant);
        host.Advance(TimeSpan.FromDays(2));
        Assert.Equal(Shop.Plan(Counted).Cost.Value, (await AskAsync(host, Counted))[0].Cost.NanoRho);
    }

    [Fact]
    public async Task A_batch_of_the_longest_texts_is_answered_and_its_record_fits_into_the_log()
    {
        await using AnalyticsHost host = await StartAsync();
        string conditions = string.Join(" AND ", Enumerable.Repeat("(" + string.Join(" OR ", Enumerable.Repeat("\"action\"<>'😀'", 16)) + ")", 16));
        ImmutableArray<Query> batch = host.Sql.ReadBatch(AnalyticsHost.Analyst, JsonSerializer.SerializeToUtf8Bytes(new
        {
            queries = Enumerable.Range(0, QueryLimits.MaxBatch).Select(i => new { sql = $"SELECT count(*) AS \"n{i}\" FROM shop WHERE {conditions}", epsilon = 1 }),
        }));
        // With every sign escaped that a page would not bear, they would be longer than a record may be.
        Assert.True(JsonSerializer.Serialize(string.Concat(batch.Select(q => q.Text))).Length > 64 * 1024);
        ImmutableArray<Answer> answers = await AskAsync(host, batch);
        Assert.Equal(QueryLimits.MaxBatch, answers.Length);
        string detail = Assert.Single(await host.RecordsAsync(), r => r.Action == AuditActions.DataAccess).Detail!;
        using JsonDocument facts = JsonDocument.Parse(detail);
        Assert.StartsWith(batch[0].Text!, facts.RootElement.GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.Equal(answers[0].ReleaseId, facts.RootElement.GetProperty("release_id").GetString());
        // Every other way that a batch is recorded writes the same text.
        await AskAsync(host, batch);
        await host.Queries.PlanAllAsync(AnalyticsHost.Analyst, batch, CancellationToken.None);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(host, [.. batch.Select(q => q with { Epsilon = QueryLimits.MaxEpsilon })]));
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_is_told_what_it_needs_together_and_what_is_left_without_it()
    {
        await using AnalyticsHost host = await StartAsync();
        (Query fits, Query dear) = (Counted, Elsewhere with { Epsilon = QueryLimits.MaxEpsilon });
        BudgetExhaustedException alone = await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(host, dear));
        foreach (ImmutableArray<Query> batch in (ImmutableArray<Query>[])[[fits, dear], [dear, fits]])
        {
            BudgetExhaustedException refusal = await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(host, batch));
            Assert.Equal(0, refusal.Account.SpentNanoRho);
            Assert.Equal(alone.LargestNanoRho, refusal.LargestNanoRho);
            Assert.Equal(Shop.Plan(fits).Cost.Value + Shop.Plan(dear).Cost.Value, refusal.CostNanoRho);
            Assert.Contains("together", refusal.Message, StringComparison.Ordinal);
            Assert.Null(refusal.LargestEpsilon);
        }
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
        Answer answer = await host.AskAsync(Counted with { Epsilon = view.LargestEpsilon });
        Assert.False(answer.Replayed);
        Assert.Null((await host.Queries.PlanAsync(AnalyticsHost.Analyst, Counted with { Epsilon = view.LargestEpsilon }, CancellationToken.None)).RollUpFrom);
    }

    [Fact]
    public async Task SQL_and_JSON_share_a_release_and_each_is_shown_as_it_was_asked()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        ImmutableArray<Query> batch = host.Sql.ReadBatch(AnalyticsHost.Analyst, """
            {"queries":[
              {"sql":"SELECT action, count(amount) AS how_many FROM shop WHERE vip = true OR city IN ('Wien', 'Graz') GROUP BY action","epsilon":0.5},
              {"dataset":"shop","measures":[{"function":"count","field":"amount","name":"n"}],"group_by":[{"field":"action"}],"epsilon":0.5,
               "where":[{"op":"or","args":[{"field":"vip","op":"eq","value":true},{"field":"city","op":"in","values":["Wien","Graz"]}]}]},
              {"sql":"SELECT action, sum(amount) AS total FROM shop WHERE vip = true OR city IN ('Wien', 'Graz') GROUP BY action ORDER BY total DESC LIMIT 1","epsilon":0.5}]}
            """u8.ToArray());
        ImmutableArray<Answer> answers = await AskAsync(host, [.. batch]);
        Assert.Single(answers.Select(a => a.ReleaseId).Distinct());
        Assert.Equal(["how_many", "n", "total"], answers.Select(a => a.Table.Values.Single()));
        Assert.Equal(["count_amount", "n", "sum_amount"], answers.Select(a => a.Plan.Measures.Single().Name));
        Assert.Equal(("buy", 4m), (answers[2].Table.Rows.Single().Keys[0], answers[2].Table.Rows.Single().Values[0]!.Value));
        Assert.Equal((true, 0), (answers[1].Replayed, answers[1].Cost.NanoRho));
        string detail = Assert.Single(await host.RecordsAsync(), r => r.Action == AuditActions.DataAccess).Detail!;
        Assert.Contains("SELECT action, count(amount) AS how_many", detail, StringComparison.Ordinal);
        Assert.Contains("SELECT action, sum(amount) AS total", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Wien", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_SQL_names_its_place_and_its_fragment()
    {
        await using AnalyticsHost host = await StartAsync();
        QueryRefusedException refused = Assert.Throws<QueryRefusedException>(() => host.Sql.ReadBatch(
            AnalyticsHost.Analyst, """{"queries":[{"sql":"SELECT count(*) FROM shop"},{"sql":"SELECT random() FROM shop"}]}"""u8.ToArray()));
        Assert.StartsWith("$.queries[1].sql: ", refused.Path, StringComparison.Ordinal);
        Assert.Contains("random()", refused.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arithmetic_of_columns_is_as_exact_as_the_shared_noise()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence);
        Query sum = QueryJson.Parse(
            """
            {"dataset":"shop","measures":[{"function":"mean","field":"amount"},{"function":"count","field":"amount","name":"n"}],"group_by":[{"field":"action"}],
             "epsilon":0.2,"columns":[{"expression":{"op":"multiply","args":[{"field":"n"},{"value":3}]},"name":"x"}]}
            """);
        ImmutableArray<Answer> answers = await AskAsync(host, sum, Counted);
        // The dearer noise of the second query is the one that is drawn.
        decimal margin = answers[1].Rows[0].Values[0].Margin95!.Value;
        Assert.All(answers[0].Table.Rows, r => Assert.Equal(3 * margin, r.Values[0]!.High - r.Values[0]!.Value));
    }

    [Fact]
    public async Task Questions_about_rows_and_units_of_sealed_windows_are_one_scan()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence, o => o.Budgets.Dataset.Epsilon = 100);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration(PrivacyUnit.SubjectPerDay));
        long lsn = await host.SettleAsync(dataset, [
            Shop.Row(1, Noon, "buy", "Wien", 5m), Shop.Row(1, Noon, "buy", "Wien", 1m), Shop.Row(2, Noon, "buy", "Graz"), Shop.Row(3, Noon, "look", "Graz", 1m)]);
        await host.Events.SealAsync(dataset, OrdinalQuestion.Sealed, lsn, CancellationToken.None);
        Query rows = Shop.Count(new PeriodKey(Period.Day)) with
        {
            Measures = [new Measure(MeasureFunction.Count, "amount")],
            From = RangeEdge.On(new DateOnly(2024, 3, 2)),
            To = RangeEdge.On(new DateOnly(2024, 3, 3)),
        };
        Query both = rows with { Measures = [new Measure(MeasureFunction.Count), new Measure(MeasureFunction.DistinctSubjects)] };
        int aggregations = host.Events.Aggregations;
        ImmutableArray<Answer> answers = await AskAsync(host, rows, both);
        Assert.Equal(aggregations + 1, host.Events.Aggregations);
        Assert.All(answers, a => Assert.Equal("ordinals", a.Plan.Truncation));
        Assert.Equal([3m], answers[0].Rows[0].Values.Select(v => v.Value));
        Assert.Equal([4m, 3m], answers[1].Rows[0].Values.Select(v => v.Value));
    }

    private static IEnumerable<decimal> Buy(Answer answer) => answer.Rows.Single(r => r.Keys[0] == "buy").Values.Select(v => v.Value);

    private static Task<ImmutableArray<Answer>> AskAsync(AnalyticsHost host, params ImmutableArray<Query> queries) =>
        host.Queries.AskAllAsync(AnalyticsHost.Analyst, queries, AskOptions.Default, CancellationToken.None);

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        await host.SettleAsync(dataset, [
            Shop.Row(1, Noon, "buy", "Wien", 5m), Shop.Row(2, Noon, "buy", "Wien", -1m), Shop.Row(3, Noon, "look", "Graz", 1m)]);
        return host;
    }
}
