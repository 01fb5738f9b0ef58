using System.Collections.Immutable;
using System.Text.Json;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;

namespace Opaline.Platform.Tests.Analytics.Planning.Summaries;

public class PlanOutlineTests
{
    private static readonly Query Asked = new("shop", [new Measure(MeasureFunction.Sum, "amount", "what alice spent") { Filter = Expression.Field("vip") }])
    {
        GroupBy = [new PeriodKey(Period.Day), new ExpressionKey("city", "alice's city")],
        Where =
        [
            Expression.Condition("city", Operation.In, [Literal.Of("Wien"), Literal.Of("Graz")]),
            Expression.Condition("level", Operation.Greater, [Literal.Of(4711m)]),
        ],
        From = RangeEdge.On(new DateOnly(2024, 3, 1)),
        To = RangeEdge.On(new DateOnly(2024, 3, 11)),
    };

    [Fact]
    public void An_outline_tells_what_is_asked_and_by_which_conditions_but_no_constant_and_no_name_of_the_caller() => Assert.Equal(
        "shop v1 per subject, 2024-03-01T00:00:00Z to 2024-03-11T00:00:00Z in UTC; bounds 10 x 5 of dataset; nested; discrete_gaussian; "
        + "measures [sum(amount) in -2.0..6.0 if vip]; by [day, city]; from shop; where [gt(level, ?), in(city, ?)]",
        PlanOutline.Of(Shop.Plan(Asked)));

    [Theory]
    [InlineData("SELECT sum(CASE WHEN city = 'other' THEN 41117 ELSE 0 END) FROM shop")]
    [InlineData("SELECT avg(least(qty, 41.117)) FROM shop")]
    [InlineData("SELECT sum(n) FROM (SELECT \"user\", least(count(*), 41117) AS n FROM shop GROUP BY \"user\")")]
    [InlineData("SELECT sum(s) FROM (SELECT \"user\", greatest(0, least(sum(qty), 41117)) AS s FROM shop GROUP BY \"user\")")]
    public void Bounds_that_follow_from_a_constant_are_not_told(string sql)
    {
        string outline = PlanOutline.Of(SqlCorpus.Plan(SqlCorpus.Query(sql)));
        Assert.DoesNotContain("411", outline, StringComparison.Ordinal);
        Assert.DoesNotContain("41.1", outline, StringComparison.Ordinal);
        Assert.DoesNotContain("..", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clamp_of_the_caller_is_not_told() => Assert.DoesNotContain(
        "..",
        PlanOutline.Of(Shop.Plan(new Query("shop", [new Measure(MeasureFunction.Sum, "qty") { Clamp = new ClampRange(0, 41) }]))),
        StringComparison.Ordinal);

    [Fact]
    public void Whatever_SQL_asks_has_an_outline_without_its_constants()
    {
        foreach (string name in SqlCorpus.Accepted)
        {
            QueryPlan plan = SqlCorpus.Plan(SqlCorpus.Query(SqlCorpus.Read("accepted", name).Sql));
            string outline = PlanOutline.Of(plan);
            Assert.InRange(outline.Length, 1, PlanOutline.MaxLength);
            string[] constants = ["Wien", "Graz", "'", "@"];
            Assert.DoesNotContain(constants, c => outline.Contains(c, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_long_one_is_cut_where_it_is_long_and_keeps_range_bounds_and_measures()
    {
        Expression wide = Expression.Of(Operation.Or, [.. Enumerable.Range(0, 16).Select(i =>
            Expression.Of(Operation.Or, [.. Enumerable.Range(0, 16).Select(j => Expression.Condition("city", Operation.StartsWith, [Literal.Of($"W{i}-{j}")]))]))]);
        string outline = PlanOutline.Of(Shop.Plan(Asked with { Where = [wide] }));
        Assert.Equal(PlanOutline.MaxLength, outline.Length);
        Assert.EndsWith("…", outline, StringComparison.Ordinal);
        Assert.Contains("measures [sum(amount) in -2.0..6.0 if vip]; by [day, city]; from shop; where [or(", outline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_in_JSON_and_its_dry_run_and_refusal_are_in_the_audit_log_with_their_outline()
    {
        await using AnalyticsHost host = new(configure: o => o.Budgets.Dataset.Epsilon = 1);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        Query query = Asked with { Epsilon = 0.9 };
        await host.Queries.PlanAsync(AnalyticsHost.Analyst, query, CancellationToken.None);
        await host.AskAsync(query);
        await Assert.ThrowsAsync<BudgetExhaustedException>(
            () => host.AskAsync(query, fresh: true));
        ImmutableArray<AuditRecord> records =
            [.. (await host.RecordsAsync()).Where(r => r.Action is AuditActions.DataAccess or AuditActions.DryRun).Reverse()];
        Assert.Equal(["ok", "ok", BudgetExhaustedException.Code], records.Select(r => r.Outcome));
        string outline = PlanOutline.Of(Shop.Plan(query, dataset));
        Assert.All(records, r => Assert.Equal(outline, JsonDocument.Parse(r.Detail!).RootElement.GetProperty("plan").GetString()));
    }
}
