using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

/// <summary>How PostgreSQL runs our statements, by its own word.</summary>
[OnPostgres]
public sealed class PostgresPlanShapeTests
{
    private static readonly PeriodKey Day = new(Period.Day);
    private static readonly ExpressionKey Action = new("action");
    private static readonly Measure Count = new(MeasureFunction.Count);

    private static readonly (string What, Query Query, (int Scans, int Aggregates, int Windows, int Joins)[] Shapes)[] s_shapes =
    [
        ("private keys, ranked", Shop.Count(Day, new ExpressionKey("city")), [(1, 2, 1, 0)]),
        ("sum", new Query("shop", [Count, new Measure(MeasureFunction.Sum, "amount")]) { GroupBy = [Action] }, [(1, 2, 0, 0)]),
        ("quantiles", new Query("shop", [new Measure(MeasureFunction.Quantiles, "amount") { Points = [0.5m] }]), [(1, 2, 1, 0)]),
        ("distinct values", new Query("shop", [new Measure(MeasureFunction.DistinctValues, "city")]), [(1, 2, 1, 0)]),
        ("self-join", new Query(new JoinSource("shop", new DatasetSource("shop", "again")), [Count]) { GroupBy = [new ExpressionKey("shop.action")] }, [(2, 2, 4, 1)]),
        ("subjects", new Query(new SubjectSource("shop", [new("visits", SubjectFunction.Count, null, new ClampRange(0, 3))]), [Count]) { GroupBy = [new ExpressionKey("visits")] }, [(1, 3, 0, 0)]),
        ("funnel", new Query(new FunnelSource("shop", [Step("buy"), Step("look"), Step("return")]), []), [(1, 2, 2, 0)]),
        ("sessions", new Query(new SessionSource("shop", TimeSpan.FromHours(1)), [Count]), [(1, 3, 2, 0)]),
        ("retention", new Query(new RetentionSource("shop", 3) { Days = 1 }, []), [(1, 1, 1, 0)]),
        ("paths", new Query(new PathSource("shop", "action"), []), [(1, 1, 1, 0)]),
    ];

    public static TheoryData<string> Shapes => [.. s_shapes.Select(s => s.What)];

    [Fact]
    public async Task Ordinals_are_one_scan_and_nesting_ranks_only_where_it_has_to()
    {
        Query count = Shop.Count(Day, Action) with { Contribution = new ContributionBounds(10, 5) };
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerMonth);
        await using AnalyticsHost host = new();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);

        Assert.Equal([(1, 1, 0, 0)], await ExplainAsync(host, OrdinalQuestion.PlanOf(count, dataset)));
        Assert.Equal([(1, 2, 1, 0)], await ExplainAsync(host, OrdinalQuestion.PlanOf(count, dataset, Shop.From)));
        Assert.Equal([(1, 2, 0, 0)], await ExplainAsync(host, OrdinalQuestion.PlanOf(count with { GroupBy = [Action] }, dataset, Shop.From)));
    }

    // One scan of each table that is named, one window for each order that a rule needs, and nothing that is joined with itself.
    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_kind_of_question_has_its_shape(string what)
    {
        (_, Query query, (int, int, int, int)[] shapes) = s_shapes.Single(s => s.What == what);
        Dataset dataset = Shop.Dataset();
        await using AnalyticsHost host = new();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);
        Assert.Equal(shapes, await ExplainAsync(host, Shop.Plan(query, dataset)));
    }

    private static FunnelStep Step(string action) => new(Expression.Condition("action", Operation.Equal, [Literal.Of(action)]));

    private static async Task<List<(int Scans, int Aggregates, int Windows, int Joins)>> ExplainAsync(AnalyticsHost host, QueryPlan plan)
    {
        List<(int, int, int, int)> shapes = [];
        foreach (BoundedAggregation statement in AggregationWriter.Write(plan, 7, new byte[16], host.Events.Dialect))
        {
            IReadOnlyList<object?[]> rows = await host.Events.AggregateAsync($"EXPLAIN {statement.Sql}", statement.Parameters, CancellationToken.None);
            shapes.Add(Shape([.. rows.SelectMany(r => r).OfType<string>()]));
        }

        return shapes;
    }

    private static (int Scans, int Aggregates, int Windows, int Joins) Shape(string[] plan)
    {
        return (Count(" on dataset_1"), Count("Aggregate "), Count("WindowAgg"), Count("Join "));

        int Count(string words) => plan.Count(l => l.Contains(words, StringComparison.Ordinal));
    }
}
