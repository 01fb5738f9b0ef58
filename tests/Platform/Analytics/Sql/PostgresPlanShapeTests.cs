using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Planning;
using Opaline.Platform.Tests.Storage;

namespace Opaline.Platform.Tests.Analytics.Sql;

/// <summary>How PostgreSQL runs our statements, by its own word.</summary>
[OnPostgres]
public sealed class PostgresPlanShapeTests
{
    [Fact]
    public async Task Ordinals_are_one_scan_and_nesting_ranks_only_where_it_has_to()
    {
        Query count = Shop.Count(new PeriodKey(Period.Day), new ExpressionKey("action")) with { Contribution = new ContributionBounds(10, 5) };
        Dataset dataset = OrdinalQuestion.Events(PrivacyUnit.SubjectPerMonth);
        await using AnalyticsHost host = new();
        await host.Events.PrepareAsync(dataset, CancellationToken.None);

        string[] ordinals = await ExplainAsync(host, OrdinalQuestion.PlanOf(count, dataset));
        Assert.Equal((1, 1, 0), Shape(ordinals));
        string[] ranked = await ExplainAsync(host, OrdinalQuestion.PlanOf(count, dataset, Shop.From));
        Assert.Equal((1, 2, 1), Shape(ranked));
        string[] plain = await ExplainAsync(host, OrdinalQuestion.PlanOf(count with { GroupBy = [new ExpressionKey("action")] }, dataset, Shop.From));
        Assert.Equal((1, 2, 0), Shape(plain));
    }

    private static async Task<string[]> ExplainAsync(AnalyticsHost host, QueryPlan plan)
    {
        BoundedAggregation statement = Assert.Single(AggregationWriter.Write(plan, 7, new byte[16]));
        IReadOnlyList<object?[]> rows = await host.Events.AggregateAsync($"EXPLAIN {statement.Sql}", statement.Parameters, CancellationToken.None);
        return [.. rows.SelectMany(r => r).OfType<string>()];
    }

    private static (int Scans, int Aggregates, int Windows) Shape(string[] plan)
    {
        return (Count(" on dataset_1"), Count("Aggregate "), Count("WindowAgg"));

        int Count(string words) => plan.Count(l => l.Contains(words, StringComparison.Ordinal));
    }
}
