using Opaline.Access;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics.Answers;

/// <summary>Bounds and errors that are bought as a release of their own and used as constants afterwards.</summary>
public class ProposedBoundsTests
{
    private static readonly Query Contributions = new("shop", [new Measure(MeasureFunction.Contributions)]) { GroupBy = [new ExpressionKey("city")] };
    private static readonly Query Magnitudes = new("shop", [new Measure(MeasureFunction.Bounds, "qty")]);

    [Fact]
    public async Task Contributions_are_counted_by_unit_and_propose_bounds_that_keep_most()
    {
        // 100 people with one row in one city, and 20 with three rows in each of two.
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await host.AskAsync(Contributions);
        Dictionary<string, decimal> values = Columns(answer);
        Assert.Equal(100, values["contributions:groups 1"]);
        Assert.Equal(20, values["contributions:groups 2"]);
        Assert.Equal(100, values["contributions:rows_per_group 1"]);
        Assert.Equal(20, values["contributions:rows_per_group 3 to 4"]);
        Assert.Equal(120 * 2, values.Values.Sum());
        Assert.Equal(new ContributionBounds(2, 4), answer.Proposed!.Contribution);
        Assert.Equal(1, answer.Plan.Cells);
        Assert.All(answer.Plan.Measures[0].Components, c => Assert.Equal((1, 1), (c.L1Sensitivity, c.SquaredL2Sensitivity)));

        Answer used = await host.AskAsync(Shop.Count(new ExpressionKey("action")) with { ContributionRelease = answer.ReleaseId });
        Assert.Equal($"release:{answer.ReleaseId}", used.Plan.BoundsSetBy);
        Assert.Equal((2, 4), (used.Plan.Groups, used.Plan.RowsPerGroup));
        // The same constants by hand are the same plan, and replay.
        Answer same = await host.AskAsync(Shop.Count(new ExpressionKey("action")) with { Contribution = new ContributionBounds(2, 4) });
        Assert.True(same.Replayed);
    }

    [Fact]
    public async Task Bounds_of_values_are_found_privately_and_clamp_later()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer answer = await host.AskAsync(Magnitudes);
        // All amounts are 5, so in (4, 8].
        Assert.Equal(new ClampRange(4, 8), answer.Proposed!.Clamp);
        Measure sum = new(MeasureFunction.Sum, "qty") { ClampRelease = answer.ReleaseId };
        Answer used = await host.AskAsync(new Query("shop", [sum]));
        Assert.Equal(new ClampRange(4, 8), used.Plan.Measures[0].Clamp);
    }

    [Fact]
    public async Task A_release_that_nothing_stands_out_of_proposes_nothing()
    {
        await using AnalyticsHost host = new(AnalyticsHost.Silence);
        await host.DeclareAsync(Shop.Declaration());
        Answer bounds = await host.AskAsync(Magnitudes);
        Answer contributions = await host.AskAsync(Contributions);
        Assert.Null(bounds.Proposed!.Clamp);
        Assert.Null(contributions.Proposed!.Contribution);
        await RefusedAsync(host, RefusalCodes.InvalidBounds, Shop.Count() with { ContributionRelease = contributions.ReleaseId });
    }

    [Fact]
    public async Task An_error_is_priced_relative_to_what_a_release_told()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Shop.Count() with { Epsilon = 2 });
        // Five rows of each of the twenty, and one of each of the others.
        Assert.Equal(200, first.Rows[0].Values[0].Value);
        Query relative = Shop.Count() with { RelativeError = new RelativeError(0.5, first.ReleaseId, 0.95) };
        // The release itself is more exact, and would answer.
        Answer second = await host.AskAsync(relative, fresh: true);
        Assert.InRange(second.Rows[0].Values[0].Margin95!.Value, 90, 100);
        QueryPlan absolute = Shop.Plan(Shop.Count() with { Error = new ErrorTarget(100, 0.95) });
        Assert.Equal(absolute.Cost.Value, second.Cost.NanoRho);
    }

    [Fact]
    public async Task Releases_of_something_else_and_of_others_are_refused_alike()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer count = await host.AskAsync(Shop.Count());
        RelativeError error = new(0.5, count.ReleaseId, 0.95);
        Query[] queries =
        [
            Shop.Count(new PeriodKey(Period.Month)) with { RelativeError = error },
            new Query("shop", [new Measure(MeasureFunction.Sum, "qty")]) { RelativeError = error },
            Shop.Count() with { RelativeError = error with { To = "0123456789abcdef0123456789abcdef" } },
            Shop.Count() with { ContributionRelease = count.ReleaseId },
            new Query("shop", [new Measure(MeasureFunction.Sum, "qty") { ClampRelease = count.ReleaseId }]),
        ];
        foreach (Query query in queries)
            await RefusedAsync(host, RefusalCodes.UnknownRelease, query);
        // A release of another tenant is not even looked at: its dataset of the same name is another one.
        Caller stranger = new(new Tenant("others"), "analyst", "research", Role.Analyst);
        Dataset theirs = await host.DeclareAsync(Shop.Declaration() with { Tenant = stranger.Tenant });
        Assert.NotEqual(0, theirs.Id);
        QueryRefusedException refusal = await Assert.ThrowsAsync<QueryRefusedException>(
            () => host.AskAsync(Shop.Count() with { RelativeError = error }, caller: stranger));
        Assert.Equal(RefusalCodes.UnknownRelease, refusal.Code);
    }

    [Fact]
    public async Task A_dry_run_touches_no_data()
    {
        await using AnalyticsHost host = await StartAsync();
        Answer first = await host.AskAsync(Shop.Count());
        host.Events.Before = () => throw new InvalidOperationException("A dry run reads no events.");
        Query query = Shop.Count() with { RelativeError = new RelativeError(0.5, first.ReleaseId, 0.95) };
        QueryPlanView view = await host.Queries.PlanAsync(AnalyticsHost.Analyst, query, CancellationToken.None);
        Assert.True(view.Cost.NanoRho > 0 && view.Plan.Measures[0].Margin95 > 0 && view.Cost.Accounts.Length > 0);
        QueryPlanView keys = await host.Queries.PlanAsync(AnalyticsHost.Analyst, Shop.Count(new ExpressionKey("city")), CancellationToken.None);
        Assert.NotEmpty(keys.Plan.Selection!.Odds);
        await Assert.ThrowsAsync<EngineFailureException>(
            () => host.AskAsync(query, fresh: true));
    }

    [Fact]
    public void Releases_in_the_place_of_constants_survive_writing_and_reading()
    {
        const string Json = """{"dataset":"shop","measures":[{"function":"sum","field":"qty","clamp":{"release":"a"}}],"contribution":{"release":"b"},"error":{"relative":0.02,"to":"c","confidence":0.95}}""";
        Assert.Equal(Json, QueryJson.Write(QueryJson.Parse(Json)));
        Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(Json.Replace("\"to\":\"c\",", "", StringComparison.Ordinal)));
        Assert.Throws<QueryRefusedException>(() => QueryJson.Parse(Json.Replace("{\"release\":\"b\"}", "{\"release\":\"b\",\"groups\":1}", StringComparison.Ordinal)));
    }

    private static async Task RefusedAsync(AnalyticsHost host, string code, Query query) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<QueryRefusedException>(() => host.AskAsync(query))).Code);

    private static Dictionary<string, decimal> Columns(Answer answer) =>
        answer.Plan.Measures.SelectMany(m => m.Columns).Zip(answer.Rows[0].Values).ToDictionary(c => c.First, c => c.Second.Value);

    private static async Task<AnalyticsHost> StartAsync()
    {
        AnalyticsHost host = new(AnalyticsHost.Silence);
        Dataset dataset = await host.DeclareAsync(Shop.Declaration());
        FrameColumn[] columns = [.. ((string[])["city", "qty"]).Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value))];
        List<ProtectedRow> rows = [];
        void Add(int person, string city) => rows.Add(
            new ProtectedRow(new Guid(rows.Count, 0, 0, new byte[8]), person, UnixMicros.From(Shop.From), [city, 5L], null));
        for (int person = 0; person < 100; person++)
            Add(person, person % 2 == 0 ? "Graz" : "Linz");
        for (int i = 0; i < 120; i++)
            Add(100 + (i % 20), i < 60 ? "Graz" : "Linz");
        await host.SettleAsync(dataset, columns, rows);
        return host;
    }
}
