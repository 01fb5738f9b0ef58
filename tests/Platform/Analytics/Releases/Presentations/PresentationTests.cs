using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;

namespace Opaline.Platform.Tests.Analytics.Releases.Presentations;

public class PresentationTests
{
    [Fact]
    public async Task One_release_serves_every_presentation_of_it()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer plain = await AskAsync(host, "SELECT action, count(*) FROM shop GROUP BY action");
        Answer shown = await AskAsync(host, "SELECT count(*) * 2 AS double, action AS what FROM shop GROUP BY 2 HAVING double > 2 ORDER BY double DESC LIMIT 1");
        Assert.Equal(plain.ReleaseId, shown.ReleaseId);
        Assert.Equal(0, shown.Cost.NanoRho);
        Assert.Equal(3, shown.Rows.Length);
        Assert.Equal(["what"], shown.Table.Keys);
        Assert.Equal(["double"], shown.Table.Values);
        AnswerTableRow row = Assert.Single(shown.Table.Rows);
        Assert.Equal(["buy"], row.Keys);
        Assert.Equal(6, row.Values[0]!.Value);
        Assert.Equal(["buy", "look", "return"], plain.Table.Rows.Select(r => r.Keys[0]));
        Assert.Equal([3m, 1m, 0m], plain.Table.Rows.Select(r => r.Values[0]!.Value));
    }

    [Fact]
    public async Task Rows_are_chosen_and_ordered_by_what_is_released()
    {
        await using AnalyticsHost host = await StartAsync();
        Assert.Equal(["look", "buy"], await KeysAsync(host, "SELECT action, count(*) AS n FROM shop GROUP BY action HAVING n >= 1 ORDER BY n"));
        Assert.Equal(["return", "look"], await KeysAsync(host, "SELECT action, count(*) FROM shop GROUP BY action ORDER BY action DESC LIMIT 2"));
        Assert.Equal(["look"], await KeysAsync(host, "SELECT action, count(*) FROM shop GROUP BY action ORDER BY 2 DESC LIMIT 1 OFFSET 1"));
        Assert.Equal(["return"], await KeysAsync(host, "SELECT action, count(*) FROM shop GROUP BY action HAVING count(*) = 0 AND action NOT IN ('buy')"));
        Assert.Empty(await KeysAsync(host, "SELECT action, count(*) FROM shop GROUP BY action HAVING NOT count(*) < 1000"));
        Assert.Empty(await KeysAsync(host, "SELECT action, count(*) FROM shop GROUP BY action LIMIT 0"));
    }

    [Fact]
    public async Task Order_limit_and_having_look_at_noisy_numbers_and_not_at_the_truth()
    {
        // buy 3, look 1, return 0; and after this noise 3, 11, 20.
        await using AnalyticsHost host = await StartAsync((_, noise) => new long[] { 0, 10, 20 }.CopyTo(noise));
        Assert.Equal(["return", "look", "buy"], await KeysAsync(host, "SELECT action, count(*) AS n FROM shop GROUP BY action ORDER BY n DESC"));
        Assert.Equal(["return"], await KeysAsync(host, "SELECT action, count(*) AS n FROM shop GROUP BY action ORDER BY n DESC LIMIT 1"));
        Assert.Equal(["look", "return"], await KeysAsync(host, "SELECT action, count(*) AS n FROM shop GROUP BY action HAVING n > 3"));
        Assert.Equal(4, (await host.ChargesAsync()).Count);
    }

    [Fact]
    public async Task A_quotient_without_a_divisor_is_missing_and_comes_last()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await AskAsync(host, "SELECT action, sum(qty) / nullif(count(*), 0) AS per_row FROM shop GROUP BY action ORDER BY per_row DESC");
        Assert.Equal("return", answer.Table.Rows[^1].Keys[0]);
        Assert.Null(answer.Table.Rows[^1].Values[0]);
        Assert.All(answer.Table.Rows.SkipLast(1), r => Assert.NotNull(r.Values[0]));
    }

    [Fact]
    public async Task Weighted_sums_have_the_interval_of_their_noise()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await AskAsync(host, "SELECT count(*) AS n, 100 - count(*) * 2 AS rest, count(*) + count_if(vip) AS both, sum(qty) / count(*) AS ratio, abs(count(*)) AS size FROM shop");
        ShownValue[] values = [.. answer.Table.Rows[0].Values.Select(v => v!)];
        Assert.Equal(100 - (2 * values[0].High), values[1].Low);
        Assert.Equal(100 - (2 * values[0].Low), values[1].High);
        Assert.InRange(values[2].High!.Value - values[2].Value, values[0].Margin95!.Value, 2 * values[0].Margin95!.Value);
        // Four rows in this noise: the divisor may be 0.
        Assert.Null(values[3].Low);
        Assert.Null(values[4].Low);
    }

    [Fact]
    public async Task Columns_that_read_one_noisy_integer_know_that_their_noise_is_one()
    {
        await using AnalyticsHost host = await StartAsync();
        Query query = QueryJson.Parse(
            """
            {"dataset":"shop","measures":[{"function":"count","name":"a"},{"function":"count","name":"b"},{"function":"count","field":"amount","name":"c"}],
             "columns":[{"field":"a","name":"a"},{"field":"c","name":"c"},
              {"expression":{"op":"add","args":[{"field":"a"},{"field":"b"}]},"name":"twice"},
              {"expression":{"op":"subtract","args":[{"field":"a"},{"field":"b"}]},"name":"none"},
              {"expression":{"op":"divide","args":[{"field":"a"},{"field":"b"}]},"name":"one"},
              {"expression":{"op":"add","args":[{"field":"a"},{"field":"c"}]},"name":"both"}]}
            """);
        Answer answer = await host.Queries.AskAsync(AnalyticsHost.Analyst, query, AskOptions.Default, CancellationToken.None);
        ShownValue[] values = [.. answer.Table.Rows[0].Values.Select(v => v!)];
        Assert.Equal((2 * values[0].Low, 2 * values[0].High), (values[2].Low, values[2].High));
        Assert.Equal((0m, 0m), (values[3].Low, values[3].High));
        // It is 1 or missing; no law of two noises speaks of it.
        Assert.Null(values[4].Low);
        // Two noises of their own.
        Assert.True(values[5].High - values[5].Value < values[0].Margin95 + values[1].Margin95);
    }

    [Fact]
    public void Intervals_are_made_of_the_noise_of_the_release_and_not_of_the_question()
    {
        Query query = QueryJson.Parse(
            """
            {"dataset":"shop","measures":[{"function":"count"}],"epsilon":1,
             "columns":[{"expression":{"op":"multiply","args":[{"field":"count"},{"value":2}]},"name":"double"}]}
            """);
        QueryPlan noisier = Shop.Plan(query with { Epsilon = 0.1 });
        AnswerCost cost = new(0, 0, 1e-6, 0, []);
        Answer answer = new("", true, Shop.From, 1, [new AnswerRow([], [new AnswerValue(7, 1, 6, 8)])], PlanSummaries.Of(noisier), cost);
        ShownValue shown = PlannedPresentation.Of(Shop.Plan(query), query.Presentation).Show(answer, new SummedNoise(), CancellationToken.None).Table.Rows[0].Values[0]!;
        Assert.Equal(14 + (2 * noisier.Measures[0].HalfWidth!.Value), shown.High);
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_not_shown()
    {
        Query query = QueryJson.Parse("""{"dataset":"shop","measures":[{"function":"count"}],"columns":[{"expression":{"op":"multiply","args":[{"field":"count"},{"value":2}]},"name":"double"}]}""");
        QueryPlan plan = Shop.Plan(query);
        Answer answer = new("", true, Shop.From, 1, [new AnswerRow([], [new AnswerValue(7, 1, 6, 8)])], PlanSummaries.Of(plan), new AnswerCost(0, 0, 1e-6, 0, []));
        Assert.Throws<OperationCanceledException>(
            () => PlannedPresentation.Of(plan, query.Presentation).Show(answer, new SummedNoise(), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("""{"columns":[{"field":"nothing","name":"x"}]}""", SqlRefusalCodes.NotReleased)]
    [InlineData("""{"columns":[{"field":"count","name":""}]}""", RefusalCodes.InvalidQuery)]
    [InlineData("""{"columns":[{"field":"count","name":"x"},{"field":"action","name":"x"}]}""", RefusalCodes.InvalidQuery)]
    [InlineData("""{"columns":[{"expression":{"op":"add","args":[{"field":"action"},{"value":1}]},"name":"x"}]}""", RefusalCodes.OperatorNotAllowed)]
    [InlineData("""{"columns":[{"expression":{"op":"extract","args":[{"value":"day"},{"field":"action"}]},"name":"x"}]}""", RefusalCodes.OperatorNotAllowed)]
    [InlineData("""{"having":{"field":"count"}}""", RefusalCodes.OperatorNotAllowed)]
    [InlineData("""{"having":{"field":"qty","op":"gt","value":3}}""", SqlRefusalCodes.NotReleased)]
    [InlineData("""{"order_by":[{"column":"qty"}]}""", SqlRefusalCodes.NotReleased)]
    public void A_presentation_of_what_is_not_released_is_refused(string presentation, string code)
    {
        Query query = QueryJson.Parse("""{"dataset":"shop","measures":[{"function":"count"}],"group_by":[{"field":"action"}],""" + presentation[1..]);
        Assert.Equal(code, Assert.Throws<QueryRefusedException>(() => PlannedPresentation.Of(Shop.Plan(query), query.Presentation)).Code);
    }

    [Fact]
    public async Task The_log_has_the_SQL_without_its_literals()
    {
        await using AnalyticsHost host = await StartAsync();
        await AskAsync(host, "SELECT count(*) FROM shop WHERE city = 'Jane Doe' -- for bob");
        await Assert.ThrowsAsync<QueryRefusedException>(() => AskAsync(host, "SELECT sum(city) FROM shop WHERE city = 'Jane Doe'"));
        List<AuditRecord> records = [.. (await host.RecordsAsync()).Where(r => r.Action == AuditActions.DataAccess)];
        Assert.Equal(["field_not_allowed", "ok"], records.Select(r => r.Outcome));
        Assert.Contains("SELECT count(*) FROM shop WHERE city = ?", records[1].Detail, StringComparison.Ordinal);
        Assert.Contains("SELECT sum(city) FROM shop WHERE city = ?", records[0].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(records, r => r.Detail!.Contains("Jane", StringComparison.Ordinal) || r.Detail.Contains("bob", StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> KeysAsync(AnalyticsHost host, string sql) => (await AskAsync(host, sql)).Table.Rows.Select(r => r.Keys[0]);

    private static Task<Answer> AskAsync(AnalyticsHost host, string sql) =>
        host.Queries.AskAsync(AnalyticsHost.Analyst, SqlCorpus.Query(sql), AskOptions.Default, CancellationToken.None);

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw ?? AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(dataset, Shop.ColumnsOf(dataset),
        [
            Shop.Row(1, noon, "buy", "Wien", 5m), Shop.Row(1, noon, "buy", "Wien", 2m), Shop.Row(2, noon, "buy", "Graz", 1m), Shop.Row(2, noon, "look", "Graz", 1m, true),
        ]);
        return host;
    }
}
