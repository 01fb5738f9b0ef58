using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;
using Opaline.Storage;
using ContributionBounds = Opaline.Catalog.ContributionBounds;

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
        Answer answer = await host.AskAsync(Cities);
        Assert.Equal("Wien", Assert.Single(answer.Rows).Keys[0]);
        Assert.True(answer.Plan.Selection!.Threshold > 1);
        Assert.Null(answer.Plan.Cells);
    }

    [Fact]
    public async Task A_key_is_told_from_the_threshold_on_and_suppressed_ones_leave_no_trace()
    {
        QueryPlan plan = Shop.Plan(Cities);
        int threshold = (int)plan.Selection!.Threshold!.Value;
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, ("Graz", threshold), ("Linz", threshold - 1), ("Wien", threshold + 1));
        Answer some = await host.AskAsync(Cities);
        Assert.Equal(["Graz", "Wien"], some.Rows.Select(r => r.Keys[0]));
        Assert.Equal([threshold, threshold + 1m], some.Rows.Select(r => r.Values[0].Value));

        await using AnalyticsHost other = await StartAsync(AnalyticsHost.Silence, ("Graz", threshold), ("Wien", threshold + 1));
        Answer without = await other.AskAsync(Cities);
        Assert.Equal(some.Rows.Select(r => (r.Keys[0], r.Values[0])), without.Rows.Select(r => (r.Keys[0], r.Values[0])));
        Assert.Equal(
            some.Plan with { Keys = default, Measures = default, PlanHash = "", Selection = null },
            without.Plan with { Keys = default, Measures = default, PlanHash = "", Selection = null });
        Assert.Equal(some.Plan.Selection! with { Odds = default }, without.Plan.Selection! with { Odds = default });
        Assert.Equal(some.Plan.Selection!.Odds, without.Plan.Selection!.Odds);
    }

    [Fact]
    public async Task A_wholly_suppressed_answer_is_empty_and_charged()
    {
        await using AnalyticsHost host = await StartAsync(AnalyticsHost.Silence, ("Zwettl", 1));
        Answer answer = await host.AskAsync(Cities);
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
        Answer answer = await host.AskAsync(query);
        // The count has noise of its own; the number of units that selected is not in the answer.
        Assert.Equal(1_500, Assert.Single(answer.Rows).Values[0].Value);
        Assert.Single(answer.Rows[0].Values);
        Assert.True(answer.Plan.Selection!.NanoRho > 0);
    }

    [Fact]
    public async Task More_keys_than_the_cap_are_trimmed_after_selection_and_are_no_error()
    {
        QueryPlan plan = Shop.Plan(Cities);
        int threshold = (int)plan.Selection!.Threshold!.Value;
        await using AnalyticsHost host = new((_, noise) => noise.Fill(threshold));
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        int keys = QueryLimits.MaxCells + 50;
        await host.SettleAsync(
            dataset, [.. Enumerable.Range(0, keys).Select(i => Shop.Row(i, Shop.From, "buy", $"city {i:00000}"))]);
        Answer answer = await host.AskAsync(Cities);
        Assert.Equal(QueryLimits.MaxCells, answer.Rows.Length);
        Assert.Equal(answer.Rows.Select(r => r.Keys[0]).Order(StringComparer.Ordinal), answer.Rows.Select(r => r.Keys[0]));
    }

    [Fact]
    public async Task Rows_without_a_value_are_in_no_private_cell()
    {
        await using AnalyticsHost host = await StartAsync((_, noise) => noise.Fill(1_000), (null, 500), ("Wien", 1));
        Assert.Equal(["Wien"], (await host.AskAsync(Cities)).Rows.Select(r => r.Keys[0]));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Few_groups_are_selected_by_coins_and_many_by_a_threshold(int kappa, bool coins)
    {
        QueryPlan plan = Shop.Plan(Counts(kappa));
        KeySelection selection = plan.Selection!;
        Assert.False(selection.IsMeasure);
        Assert.Equal(coins, selection.Threshold is null);
        Assert.Equal(coins, selection.Component.Scale is null);
        // Values and selection pay, and together no more than was asked for.
        Assert.Equal(plan.Cost.Value, plan.Measures[0].Components[0].Cost.Value + selection.Component.Cost.Value);
        Assert.InRange(plan.Cost.Value, 1, Zcdp.RhoFor(1, 5e-7).Value);
        Assert.InRange((double)selection.Delta.Value / 1e18, 1e-7, 5e-7);
    }

    [Fact]
    public void Coins_charge_the_loss_of_the_reference()
    {
        // ρ = L0·ε'²/2 and δ = 1 − (1 − δ')^L0, with ε' from half of the query's ρ.
        NanoRho half = new(Zcdp.RhoFor(1, 5e-7).Value / 2);
        TruncatedGeometric rule = new(Math.Sqrt(2 * half.Value * 1e-9 / 3) * (1 - 1e-9), 5e-7 / 3, 3);
        KeySelection selection = Shop.Plan(Counts(3)).Selection!;
        Assert.Equal(rule.Loss.Rho, selection.Component.Cost);
        Assert.Equal(rule.Loss.Delta, selection.Delta);
        Assert.All(
            PlanSummaries.Of(Shop.Plan(Counts(3))).Selection!.Odds, o => Assert.Equal(rule.KeepProbability(o.Units), o.Probability));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(25)]
    public void A_threshold_and_its_noise_are_those_of_kappa_keys_and_both_deltas_are_charged(int kappa)
    {
        QueryPlan plan = Shop.Plan(Counts(kappa));
        KeySelection selection = plan.Selection!;
        Assert.Equal(kappa, selection.Component.Sensitivity.SquaredL2);
        Assert.Equal(GaussianScale.For(kappa, selection.Component.Cost), selection.Component.Noise.Parameter);
        // The chance that one of κ keys of one unit alone is told, from τ on: half of the query's δ and no more.
        double one = selection.Component.Noise.Law.UpperTail(selection.Threshold!.Value - 1);
        Assert.InRange(1 - Math.Pow(1 - one, kappa), 0, (double)plan.AttoDelta / 1e18 * (1 + 1e-9));
        Assert.InRange((double)plan.AttoDelta / 1e18, 0, plan.Delta / 2);
        // What is told as ε uses the other half.
        Assert.InRange(Zcdp.EpsilonFor(plan.Cost, plan.Delta / 2), 0, plan.Epsilon * (1 + 1e-9));
    }

    [Fact]
    public async Task Coins_tell_a_key_of_many_and_not_that_of_one_person()
    {
        // The chance of one person's city is δ' = 1.7e-7, and 2,000 people are sure to be told.
        await using AnalyticsHost host = await StartAsync(null, ("Wien", 2_000), ("Zwettl", 1));
        Answer answer = await host.AskAsync(Counts(3));
        Assert.Equal("Wien", Assert.Single(answer.Rows).Keys[0]);
        Assert.Equal("truncated_geometric", answer.Plan.Selection!.Rule);
        Assert.Equal(1, answer.Plan.Selection.Odds[^1].Probability);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void At_the_threshold_a_key_is_told_and_below_the_minimum_never(int minimum)
    {
        QueryPlan plan = Shop.Plan(Cities, Shop.Dataset() with { MinimumUnits = minimum });
        KeySelection selection = plan.Selection!;
        long threshold = selection.Threshold!.Value + minimum - 1;
        Assert.True(selection.Keeps(threshold, 0));
        Assert.False(selection.Keeps(threshold - 1, 0));
        Assert.True(selection.Keeps(threshold - 1, 1));
        // The odds are those of >=: a rule with > would have those of one unit less.
        Assert.Equal(selection.Component.Noise.Law.UpperTail(selection.Threshold.Value - 20), selection.Rule.KeepProbability(minimum + 19));
        for (int units = 0; units < minimum; units++)
            Assert.False(selection.Keeps(units, 1_000_000));
        KeySelection coins = Shop.Plan(Counts(1), Shop.Dataset() with { MinimumUnits = minimum }).Selection!;
        for (int units = 0; units < minimum; units++)
            Assert.False(coins.Keeps(units, 0));
        Assert.True(coins.Keeps(5_000, 0));
    }

    [Fact]
    public async Task A_minimum_is_declared_with_the_dataset_and_is_part_of_the_plan()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration() with { MinimumUnits = 300 });
        Assert.Equal(300, host.Catalog.Find(dataset.Id)!.MinimumUnits);
        await host.SettleAsync(
            dataset,
            [.. Enumerable.Range(0, 899).Select(i => Shop.Row(i, Shop.From, "buy", i < 600 ? "Wien" : "Graz"))]);
        Answer answer = await host.AskAsync(Cities);
        Assert.Equal("Wien", Assert.Single(answer.Rows).Keys[0]);
        Assert.Equal(600, answer.Rows[0].Values[0].Value);
        Assert.Equal(300, answer.Plan.Selection!.MinimumUnits);
        Assert.NotEqual(Shop.Plan(Cities).HashText, Shop.Plan(Cities, Shop.Dataset() with { MinimumUnits = 2 }).HashText);
    }

    [Fact]
    public async Task The_owner_sets_bounds_and_minimum_and_what_is_absent_stays()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        Dataset changed = await host.Control.WriteAsync(
            transaction => host.Catalog.ChangeBounds(transaction, dataset.Id, new ContributionBounds(2, 4), null), CancellationToken.None);
        Assert.Equal((new ContributionBounds(2, 4), 1, dataset.Version), (changed.Bounds, changed.MinimumUnits, changed.Version));
        changed = await host.Control.WriteAsync(transaction => host.Catalog.ChangeBounds(transaction, dataset.Id, null, 20), CancellationToken.None);
        Assert.Equal((new ContributionBounds(2, 4), 20), (changed.Bounds, changed.MinimumUnits));
        await Assert.ThrowsAsync<CatalogRuleException>(
            () => host.Control.WriteAsync(transaction => host.Catalog.ChangeBounds(transaction, dataset.Id, null, 0), CancellationToken.None));
        Assert.Equal(20, host.Catalog.Find(dataset.Id)!.MinimumUnits);
    }

    private static Query Counts(int kappa) => new("shop", [new Measure(MeasureFunction.Count)])
    {
        GroupBy = [new ExpressionKey("city")],
        Contribution = new ContributionBounds(kappa, 1),
    };

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

        await host.SettleAsync(dataset, rows);
        return host;
    }
}
