using System.Text.Json;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>
/// Every accepted query of the corpus, asked of the real service with noise that is zero and bounds that cut nobody, answers what its own text gives on a plain
/// table in a DuckDB of the test (<see cref="PlainShop"/>), whichever engine holds the product's rows. All cells are compared: counts, sums, distinct values and
/// histograms exactly; means, variances and quotients to the digits that answers have; a quantile by its rank among the plain values; public cells without rows
/// are zero; of private keys those are told that have as many units as the published threshold; the rows of HAVING, ORDER BY, LIMIT and OFFSET in their order.
/// What contribution bounds cut is the matter of <see cref="BoundedTruthTests"/>.
/// </summary>
public class TruthTests
{
    // Its key is not in its list, so the text does not say which count is whose.
    private static readonly Dictionary<string, string> Incomparable = new() { ["key_that_is_not_shown"] = "alias" };

    // Three sides with several rows each: each brings the cube root of 100,000 rows of one subject at most.
    private static readonly string[] OfThreeSides = ["join_of_three"];

    [Theory]
    [InlineData("random")]
    [InlineData("skewed")]
    [InlineData("purchases")]
    public async Task Every_accepted_query_answers_what_plain_SQL_does(string filling)
    {
        ShopRows rows = ShopRows.Of(filling);
        await using AnalyticsHost host = await StartAsync(rows, AnalyticsHost.Silence);
        using PlainShop plain = new(rows);
        string[] names = [.. SqlCorpus.Accepted];
        using PlainShop drawn = new(rows.Drawn((int)Math.Cbrt(100_000)));
        List<string> differences =
        [
            .. await DifferencesAsync(host, plain, rows, names.Except(Incomparable.Keys).Except(OfThreeSides)),
            .. await DifferencesAsync(host, drawn, rows, OfThreeSides),
        ];
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(1, names.Count(Incomparable.ContainsKey));
    }

    [Fact]
    public async Task A_key_that_is_not_shown_parts_the_rows_all_the_same()
    {
        ShopRows rows = ShopRows.Of("random");
        await using AnalyticsHost host = await StartAsync(rows, AnalyticsHost.Silence);
        foreach ((string hidden, string shown) in Incomparable)
        {
            Answer answer = (await AskAsync(host, SqlCorpus.Read("accepted", hidden).Sql, rows.Endless(joined: false))).Answer;
            Answer named = (await AskAsync(host, SqlCorpus.Read("accepted", shown).Sql, rows.Endless(joined: false))).Answer;
            Assert.Equal(answer.Table.Rows.Select(r => r.Values[0]), named.Table.Rows.Select(r => r.Values[0]));
            Assert.All(answer.Table.Rows, r => Assert.Empty(r.Keys));
        }
    }

    [Fact]
    public async Task Noise_of_one_and_a_truth_without_clamps_are_told_apart()
    {
        ShopRows rows = ShopRows.Of("random");
        string[] names = ["count_star", "sum", "sum_of_product", "by_month", "histogram", "having", "distinct_values", "avg", "stddev"];
        await using AnalyticsHost noisy = await StartAsync(rows, (_, noise) => noise.Fill(1));
        using PlainShop plain = new(rows);
        Assert.Equal(names.Length, (await DifferencesAsync(noisy, plain, rows, names)).Count);

        await using AnalyticsHost silent = await StartAsync(rows, AnalyticsHost.Silence);
        using PlainShop unclamped = new(rows, clamped: false);
        Assert.Equal(
            ["sum", "sum_of_product", "avg", "stddev"],
            (await DifferencesAsync(silent, unclamped, rows, names)).Select(d => d.Split(':')[0]));
    }

    /// <summary>A host whose shop holds the rows, and whose accounts hold enough for all questions.</summary>
    internal static async Task<AnalyticsHost> StartAsync(ShopRows rows, NoiseDraw draw)
    {
        AnalyticsHost host = new(draw, o =>
        {
            foreach (AccountOptions budget in (AccountOptions[])[o.Budgets.Dataset, o.Budgets.Department, o.Budgets.Principal])
                (budget.Epsilon, budget.Delta) = (10_000, 1e-3);
        });
        await rows.SettleAsync(host);
        return host;
    }

    /// <summary>Asks a text for a release of its own. The loss is large, so that thresholds of private keys are within reach of a few units; noise there is none anyway.</summary>
    internal static async Task<(Query Query, Answer Answer)> AskAsync(AnalyticsHost host, string sql, ContributionBounds bounds)
    {
        Query query = host.Sql.Build(AnalyticsHost.Analyst, JsonSerializer.SerializeToElement(new { sql, epsilon = QueryLimits.MaxEpsilon })) with { Contribution = bounds };
        return (query, await host.AskAsync(query, fresh: true));
    }

    private static async Task<List<string>> DifferencesAsync(AnalyticsHost host, PlainShop plain, ShopRows rows, IEnumerable<string> names)
    {
        List<string> differences = [];
        foreach (string name in names)
        {
            string sql = SqlCorpus.Read("accepted", name).Sql;
            (Query query, Answer answer) = await AskAsync(host, sql, rows.Endless(sql.Contains("JOIN", StringComparison.OrdinalIgnoreCase)));
            if (new PlainTruth(sql, query, answer, rows.Zone).Difference(plain) is { } difference)
                differences.Add($"{name}: {difference}");
        }

        return differences;
    }
}
