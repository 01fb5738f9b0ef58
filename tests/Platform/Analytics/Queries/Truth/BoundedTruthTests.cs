using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Analytics.Queries.Sql;

namespace Opaline.Platform.Tests.Analytics.Queries.Truth;

/// <summary>
/// What contribution bounds cut, without noise and on a filling in which they cut one subject only: an answer is what plain SQL gives for all others, and of the
/// heavy one its partial of each group, clamped to L rows (of a sum to L times the published bounds of a value), in at most κ groups. Which groups these are only the
/// release's secret knows; so each cell has the whole clamped partial or nothing of it, and as many cells as κ have it. Without more groups than κ every cell is exact.
/// Bins and distinct values, which a secret chooses too, are held to the same: at most what is there, together what the bound lets through.
/// </summary>
public class BoundedTruthTests
{
    private const int Kappa = 5;
    private const int Rows = 3;
    private const int Endless = 1_000;

    private static readonly MeasureFunction[] Partial = [MeasureFunction.Count, MeasureFunction.Sum, MeasureFunction.DistinctSubjects];
    private static readonly ShopRows Skewed = ShopRows.Of("skewed");

    [Fact]
    public async Task Every_count_and_sum_of_the_corpus_has_the_clamped_partial_of_a_heavy_subject_in_at_most_kappa_groups()
    {
        await using AnalyticsHost host = await TruthTests.StartAsync(Skewed, AnalyticsHost.Silence);
        using PlainShop plain = new(Skewed);
        (int cut, int exact) = (0, 0);
        List<string> faults = [];
        foreach (string name in SqlCorpus.Accepted)
        {
            if (await FaultAsync(host, plain, name, (Kappa, Rows), (Kappa, Rows)) is not { } checkedOne)
                continue;
            if (checkedOne.Fault is { } fault)
                faults.Add($"{name}: {fault}");
            (cut, exact) = checkedOne.Ranked ? (cut + 1, exact) : (cut, exact + 1);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.InRange(cut, 8, int.MaxValue);
        Assert.InRange(exact, 80, int.MaxValue);
    }

    [Fact]
    public async Task A_service_that_forgets_a_bound_and_a_truth_that_clamps_after_the_sum_are_caught()
    {
        await using AnalyticsHost host = await TruthTests.StartAsync(Skewed, AnalyticsHost.Silence);
        using PlainShop plain = new(Skewed);
        foreach (string name in (string[])["by_day", "by_week", "by_month", "by_hour_of_day"])
            Assert.True(await IsCaughtAsync(name, (Endless, Rows), false), $"κ forgotten: {name}");
        foreach (string name in (string[])["count_star", "by_two", "sum", "sum_of_product"])
            Assert.True(await IsCaughtAsync(name, (Kappa, Endless), false), $"L forgotten: {name}");
        foreach (string name in (string[])["count_star", "by_two", "sum", "count_if"])
            Assert.True(await IsCaughtAsync(name, (Kappa, Rows), true), $"clamped after the sum: {name}");

        async Task<bool> IsCaughtAsync(string name, (int Kappa, int Rows) asked, bool afterTheSum) =>
            (await FaultAsync(host, plain, name, asked, (Kappa, Rows), afterTheSum))?.Fault is not null;
    }

    [Fact]
    public async Task Means_and_variances_are_made_of_clamped_partials_around_the_middle()
    {
        // Of doubled values: amount lies in [-2, 6], so twice the middle is 4 and the width 8.
        await using AnalyticsHost host = await TruthTests.StartAsync(Skewed, AnalyticsHost.Silence);
        using PlainShop plain = new(Skewed);
        decimal[] sums = new decimal[3];
        foreach (string condition in (string[])["\"user\" <> 1", "\"user\" = 1"])
        {
            plain.Choose(condition);
            object?[] partial = Assert.Single(plain.Ask(
                "SELECT sum((2 * amount - 4) * (2 * amount - 4) * 2 - 64), sum(2 * amount - 4), count(amount) FROM shop", _ => false, privateKeys: false));
            bool heavy = condition.EndsWith("= 1", StringComparison.Ordinal);
            decimal[] most = [Rows * 64, Rows * 8, Rows];
            for (int i = 0; i < 3; i++)
                sums[i] += heavy ? decimal.Clamp((decimal)partial[i]!, -most[i], most[i]) : (decimal)partial[i]!;
        }

        decimal mean = sums[1] / sums[2];
        Assert.Equal(decimal.Round((mean + 4) / 2, 6), await ValueAsync(host, "SELECT avg(amount) FROM shop"));
        decimal variance = ((((sums[0] / sums[2]) + 64) / 2) - (mean * mean)) / 4;
        Assert.Equal((double)variance, (double)await ValueAsync(host, "SELECT var_pop(amount) FROM shop"), 8);
        Assert.Equal(Math.Sqrt((double)variance), (double)await ValueAsync(host, "SELECT stddev(amount) FROM shop"), 8);
    }

    [Fact]
    public async Task Bins_and_distinct_values_of_a_heavy_subject_have_L_rows_together()
    {
        await using AnalyticsHost host = await TruthTests.StartAsync(Skewed, AnalyticsHost.Silence);
        using PlainShop plain = new(Skewed);
        const string Bins = "SELECT histogram(qty, [10, 50]) FROM shop";
        decimal[] answer = [.. (await TruthTests.AskAsync(host, Bins, new ContributionBounds(Kappa, Rows))).Answer.Table.Rows[0].Values.Select(v => v!.Value)];
        plain.Choose("\"user\" = 1");
        decimal[] heavy = (decimal[])plain.Ask(Bins, _ => false, privateKeys: false)[0][0]!;
        plain.Choose("\"user\" <> 1");
        decimal[] others = (decimal[])plain.Ask(Bins, _ => false, privateKeys: false)[0][0]!;
        decimal[] kept = [.. answer.Zip(others, (a, o) => a - o)];
        Assert.Equal(Rows, kept.Sum());
        Assert.All(kept.Zip(heavy), k => Assert.InRange(k.First, 0, k.Second));

        // Each value of the heavy one alone, so that every one that is kept counts.
        const string Values = "SELECT count(DISTINCT qty) FROM shop WHERE qty > 3";
        plain.Choose("true");
        decimal all = (decimal)plain.Ask(Values, _ => false, privateKeys: false)[0][0]!;
        plain.Choose("\"user\" <> 1");
        decimal without = (decimal)plain.Ask(Values, _ => false, privateKeys: false)[0][0]!;
        Assert.InRange((await TruthTests.AskAsync(host, Values, new ContributionBounds(Kappa, Rows))).Answer.Table.Rows[0].Values[0]!.Value, without, Math.Min(all, without + Rows));
    }

    private static async Task<decimal> ValueAsync(AnalyticsHost host, string sql) =>
        (await TruthTests.AskAsync(host, sql, new ContributionBounds(Kappa, Rows))).Answer.Table.Rows[0].Values[0]!.Value;

    // Null for what is not made of counts and sums of a dataset's own rows, or of private keys, or is shown in part.
    private static async Task<(string? Fault, bool Ranked)?> FaultAsync(
        AnalyticsHost host, PlainShop plain, string name, (int Kappa, int Rows) asked, (int Kappa, int Rows) claimed, bool afterTheSum = false)
    {
        string sql = SqlCorpus.Read("accepted", name).Sql;
        (Query query, Answer answer) = await TruthTests.AskAsync(host, sql, new ContributionBounds(asked.Kappa, asked.Rows));
        PlainTruth truth = new(sql, query, answer, Skewed.Zone);
        if (query.Source is not DatasetSource || truth.HasPrivateKeys || truth.HasTail || query.Measures.Any(m => !Partial.Contains(m.Function)) || name == "key_that_is_not_shown" || MeasuresOf(query, answer) is not { } measures)
            return null;
        plain.Choose("\"user\" <> 1");
        Dictionary<string, decimal[]> others = ByCell(truth, plain);
        plain.Choose("\"user\" = 1");
        Dictionary<string, decimal[]> heavy = ByCell(truth, plain);
        int kept = 0;
        foreach (AnswerTableRow row in answer.Table.Rows)
        {
            string cell = string.Join('|', row.Keys);
            decimal[] rest = others.GetValueOrDefault(cell) ?? new decimal[measures.Length];
            decimal[] partial = heavy.GetValueOrDefault(cell) ?? new decimal[measures.Length];
            if (afterTheSum)
                (rest, partial) = (new decimal[measures.Length], [.. rest.Zip(partial, (r, p) => r + p)]);
            decimal[] change = [.. row.Values.Select((v, i) => v!.Value - rest[i])];
            decimal[] whole = [.. partial.Select((p, i) => Clamped(measures[i], p, claimed.Rows))];
            bool present = change.SequenceEqual(whole);
            if (!present && (heavy.Count <= claimed.Kappa || change.Any(c => c != 0)))
                return (string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', change)} of [{cell}], not {string.Join(',', whole)}"), heavy.Count > claimed.Kappa);
            if (present && heavy.ContainsKey(cell))
                kept++;
        }

        // A partial of zero is kept and dropped alike.
        int zero = heavy.Count(h => h.Value.Select((p, i) => Clamped(measures[i], p, claimed.Rows)).All(c => c == 0));
        int most = Math.Min(claimed.Kappa, heavy.Count);
        return (kept - zero <= most && kept >= most ? null : string.Create(CultureInfo.InvariantCulture, $"{kept} groups, {zero} of them zero"), heavy.Count > claimed.Kappa);
    }

    private static Dictionary<string, decimal[]> ByCell(PlainTruth truth, PlainShop plain) => truth.Truth(plain).ToDictionary(
        r => string.Join('|', r.Keys), r => r.Values.Select(v => Convert.ToDecimal(v ?? 0m, CultureInfo.InvariantCulture)).ToArray());

    // The measure of each number of the answer; null where one is made of several.
    private static MeasureSummary[]? MeasuresOf(Query query, Answer answer)
    {
        if (query.Presentation?.Columns is not { IsDefaultOrEmpty: false } columns)
            return [.. answer.Plan.Measures];
        return columns.All(c => c.Value is FieldExpression)
            ? [.. answer.Table.Values.Select(v => answer.Plan.Measures.Single(m => m.Name == ((FieldExpression)columns.Single(c => c.Name == v).Value).Name))]
            : null;
    }

    private static decimal Clamped(MeasureSummary measure, decimal partial, int rows) => measure.Function switch
    {
        MeasureFunction.Sum => decimal.Clamp(partial, Math.Min(0, rows * measure.Clamp!.Lower), Math.Max(0, rows * measure.Clamp.Upper)),
        MeasureFunction.DistinctSubjects => Math.Min(partial, 1),
        _ => Math.Min(partial, rows),
    };
}
