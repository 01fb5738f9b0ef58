using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class KeySelectionTests
{
    private static readonly Query Cities = new("shop", [new Measure(MeasureFunction.DistinctSubjects)])
    {
        GroupBy = [new ExpressionKey("city")],
        Contribution = new ContributionBounds(1, 1),
    };

    // Noise reaches the threshold from one unit with probability at most δ = 5e-7 a city, and misses it from 2,000 units with far less than 1e-9.
    [Fact]
    public async Task A_key_of_one_person_is_not_told_and_a_common_one_is()
    {
        await using AnalyticsHost host = await StartAsync(null, ("Wien", 2_000), ("Zwettl", 1));
        Answer answer = await AskAsync(host, Cities);
        Assert.Equal("Wien", Assert.Single(answer.Rows).Keys[0]);
        Assert.True(answer.Plan.Selection!.Threshold > 1);
        Assert.Null(answer.Plan.Cells);
    }

    [Fact]
    public async Task A_key_is_told_from_the_threshold_on_and_suppressed_ones_leave_no_trace()
    {
        QueryPlan plan = Shop.Plan(Cities);
        int threshold = (int)plan.Selection!.Threshold;
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, ("Graz", threshold), ("Linz", threshold - 1), ("Wien", threshold + 1));
        Answer some = await AskAsync(host, Cities);
        Assert.Equal(["Graz", "Wien"], some.Rows.Select(r => r.Keys[0]));
        Assert.Equal([threshold, threshold + 1m], some.Rows.Select(r => r.Values[0].Value));

        await using AnalyticsHost other = await StartAsync(AnalyticsHost.Silence, ("Graz", threshold), ("Wien", threshold + 1));
        Answer without = await AskAsync(other, Cities);
        Assert.Equal(some.Rows.Select(r => (r.Keys[0], r.Values[0])), without.Rows.Select(r => (r.Keys[0], r.Values[0])));
        Assert.Equal(some.Plan with { Keys = default, Measures = default, PlanHash = "" }, without.Plan with { Keys = default, Measures = default, PlanHash = "" });
    }

    [Fact]
    public async Task A_wholly_suppressed_answer_is_empty_and_charged()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, ("Zwettl", 1));
        Answer answer = await AskAsync(host, Cities);
        Assert.Empty(answer.Rows);
        Assert.True(answer.Cost.NanoRho > 0 && answer.Cost.AttoDelta > 0);
        Assert.Equal(4, (await host.ChargesAsync()).Count);
    }

    [Fact]
    public async Task Other_measures_pay_for_selection_separately_and_do_not_show_the_selecting_value()
    {
        int calls = 0;
        await using AnalyticsHost host = await StartAsync(
            (_, noise) => noise.Fill(Interlocked.Increment(ref calls) == 1 ? 1_000 : 0), ("Wien", 500));
        Query query = Cities with { Measures = [new Measure(MeasureFunction.Count)] };
        Answer answer = await AskAsync(host, query);
        // The count has noise of its own; the number of units that selected is not in the answer.
        Assert.Equal(1_500, Assert.Single(answer.Rows).Values[0].Value);
        Assert.Single(answer.Rows[0].Values);
        Assert.True(answer.Plan.Selection!.NanoRho > 0);
    }

    [Fact]
    public async Task More_keys_than_the_cap_are_trimmed_after_selection_and_are_no_error()
    {
        QueryPlan plan = Shop.Plan(Cities);
        int threshold = (int)plan.Selection!.Threshold;
        await using AnalyticsHost host = new((_, noise) => noise.Fill(threshold));
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        int keys = QueryLimits.MaxCells + 50;
        await host.SettleAsync(
            dataset, Shop.ColumnsOf(dataset), [.. Enumerable.Range(0, keys).Select(i => Shop.Row(i, Shop.From, "buy", $"city {i:00000}"))]);
        Answer answer = await AskAsync(host, Cities);
        Assert.Equal(QueryLimits.MaxCells, answer.Rows.Length);
        Assert.Equal(answer.Rows.Select(r => r.Keys[0]).Order(StringComparer.Ordinal), answer.Rows.Select(r => r.Keys[0]));
    }

    [Fact]
    public async Task Rows_without_a_value_are_in_no_private_cell()
    {
        await using AnalyticsHost host = await StartAsync((_, noise) => noise.Fill(1_000), (null, 500), ("Wien", 1));
        Assert.Equal(["Wien"], (await AskAsync(host, Cities)).Rows.Select(r => r.Keys[0]));
    }

    private static async Task<AnalyticsHost> StartAsync(NoiseDraw? draw, params (string? City, int People)[] cities)
    {
        AnalyticsHost host = new(draw);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        List<ProtectedRow> rows = [];
        foreach ((string? city, int people) in cities)
        {
            for (int i = 0; i < people; i++)
                rows.Add(Shop.Row(rows.Count, Shop.From, "buy", city));
        }

        await host.SettleAsync(dataset, Shop.ColumnsOf(dataset), rows);
        return host;
    }

    private static Task<Answer> AskAsync(AnalyticsHost host, Query query) =>
        host.Queries.AskAsync(AnalyticsHost.Analyst, query, AskOptions.Default, CancellationToken.None);
}
