using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Answers.Presentations;

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

    // The keys of a text field that look like numbers are texts all the same; numbers are numbers, whatever their texts' order, and times are times.
    [Fact]
    public async Task Keys_are_compared_and_ordered_by_what_they_are_and_not_by_what_they_look_like()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence, o => o.Budgets.Dataset.Epsilon = o.Budgets.Department.Epsilon = o.Budgets.Principal.Epsilon = 1_000);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        string[] cities = ["1234", "01234", "1234.0", "9"];
        FrameColumn[] columns = [.. ((string[])["city", "level"]).Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value))];
        await host.SettleAsync(
            dataset,
            columns,
            [.. Enumerable.Range(0, 400).Select(i => new ProtectedRow(new Guid(i + 1, 0, 0, new byte[8]), i, UnixMicros.From(noon.AddHours(i % 4)), [cities[i % 4], (long)(i % 4 * 5)], null))]);

        async Task<IEnumerable<string>> Keys(string key, string rest) =>
            (await AskAsync(host, $"SELECT {key} AS k, count(*) FROM shop WHERE time >= DATE '2024-03-02' AND time < DATE '2024-03-03' GROUP BY 1 {rest}", 20)).Table.Rows.Select(r => r.Keys[0]);

        Assert.Equal(["1234"], await Keys("city", "HAVING k = '1234'"));
        Assert.Equal(["1234", "9"], await Keys("city", "HAVING k IN ('1234', '9')"));
        Assert.Equal(["01234", "1234", "1234.0", "9"], await Keys("city", "ORDER BY k"));
        Assert.Equal(["0", "5", "10", "15"], await Keys("level", "ORDER BY k"));
        Assert.Equal(["10", "15"], await Keys("level", "HAVING k > 5 ORDER BY k"));
        Assert.Equal(["2024-03-02T14:00:00Z"], await Keys("date_trunc('hour', time)", "HAVING k >= '2024-03-02T15:00:00+01:00' AND k < '2024-03-02T14:00:00.5Z'"));
    }

    [Theory]
    [InlineData("city", "HAVING k = 1234")]
    [InlineData("city", "HAVING k IN ('1', 2)")]
    [InlineData("level", "HAVING k = '5'")]
    [InlineData("date_trunc('day', time)", "HAVING k >= 5")]
    [InlineData("date_trunc('day', time)", "HAVING k >= 'March'")]
    [InlineData("date_trunc('hour', time)", "HAVING k >= DATE '2024-03-02'")]
    [InlineData("vip", "HAVING k = 'true'")]
    [InlineData("city", "HAVING k = count(*)")]
    public void A_key_is_compared_with_its_own_kind_only(string key, string having)
    {
        Query query = SqlCorpus.Query($"SELECT {key} AS k, count(*) FROM shop WHERE time < DATE '2024-01-03' GROUP BY 1 {having}");
        Assert.Equal(RefusalCodes.InvalidValue, Assert.Throws<QueryRefusedException>(() => PlannedPresentation.Of(Shop.Plan(query), query.Presentation)).Code);
    }

    [Fact]
    public void The_steps_of_a_funnel_are_named_and_compared_by_their_names()
    {
        Query query = QueryJson.Parse(
            """
            {"dataset":"shop","funnel":{"steps":[{"condition":{"field":"action","op":"eq","value":"look"},"name":"seen"},{"condition":{"field":"action","op":"eq","value":"buy"},"name":"bought"}],"window":"7d"},
             "having":{"field":"step","op":"eq","value":"seen"}}
            """);
        QueryPlan plan = Shop.Plan(query);
        AnswerRow[] rows = [.. ((string[])["seen", "bought"]).Select(name => new AnswerRow([name], [.. Enumerable.Repeat(new AnswerValue(1, null, 1, 1), 3)]))];
        Answer answer = new("", true, Shop.From, 1, [.. rows], PlanSummaries.Of(plan), new AnswerCost(0, 0, 1e-6, 0, []));
        Assert.Equal(["seen"], PlannedPresentation.Of(plan, query.Presentation).Show(answer, new SummedNoise(), CancellationToken.None).Table.Rows.Select(r => r.Keys[0]));
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
        Answer answer = await host.AskAsync(query);
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

    private static Task<Answer> AskAsync(AnalyticsHost host, string sql, double? epsilon = null) =>
        host.AskAsync(SqlCorpus.Query(sql) with { Epsilon = epsilon });

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw = null)
    {
        AnalyticsHost host = new(draw ?? AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        DateTime noon = new(2024, 3, 2, 12, 0, 0, DateTimeKind.Utc);
        await host.SettleAsync(dataset,
        [
            Shop.Row(1, noon, "buy", "Wien", 5m), Shop.Row(1, noon, "buy", "Wien", 2m), Shop.Row(2, noon, "buy", "Graz", 1m), Shop.Row(2, noon, "look", "Graz", 1m, true),
        ]);
        return host;
    }
}
