using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Queries.Metrics;

public sealed class MetricQueriesTests : IAsyncLifetime
{
    private readonly AnalyticsHost _host = new();

    // The tick stands at 2024-06-15T12:00:10Z, a Saturday.
    public async ValueTask InitializeAsync()
    {
        if (_host.Catalog.Find(Tenant.Default, "events") is null)
            await _host.DeclareAsync(EventsDataset.Declaration(Tenant.Default));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("hourly", "2024-06-14T06:00:00Z", "2024-06-15T12:00:00Z")]
    [InlineData("hour", "2024-06-14T06:00:00Z", "2024-06-15T12:00:00Z")]
    [InlineData("daily", "2024-05-16T00:00:00Z", "2024-06-15T00:00:00Z")]
    [InlineData(null, "2024-05-16T00:00:00Z", "2024-06-15T00:00:00Z")]
    [InlineData("weekly", "2023-11-13T00:00:00Z", "2024-06-10T00:00:00Z")]
    [InlineData("monthly", "2021-12-01T00:00:00Z", "2024-06-01T00:00:00Z")]
    public void Without_a_range_the_last_30_whole_periods_before_the_tick_are_asked_about(string? period, string from, string to)
    {
        Query query = Build(new MetricRequest { Metric = "login_count", Period = period }).Query;
        Assert.Equal(RangeOrigin.LastPeriods, query.RangeOrigin);
        PlanSummary plan = PlanSummaries.Of(Plan(query));
        Assert.Equal(from, RangeEdgeText.Write(plan.From));
        Assert.Equal(to, RangeEdgeText.Write(plan.To));
        Assert.Equal("last_30_periods", plan.RangeSetBy);
        Assert.Equal(period is null ? 1 : 30, plan.Cells);
    }

    [Fact]
    public void A_named_zone_moves_the_default_range()
    {
        QueryPlan plan = Plan(Build(new MetricRequest { Metric = "login_count", Period = "daily", TimeZone = "America/New_York" }).Query);
        Assert.Equal("2024-05-16T04:00:00Z", RangeEdgeText.Write(plan.Range.From));
        Assert.Equal(30, plan.Cells);
    }

    [Fact]
    public void An_action_that_nobody_did_plans_and_costs_like_any_other()
    {
        QueryPlan known = Plan(Build(new MetricRequest { Metric = "login_count", Period = "daily" }).Query);
        QueryPlan unknown = Plan(Build(new MetricRequest { Metric = "nobody.ever:did/this-1_count", Period = "daily" }).Query);
        Assert.Equal(known.Cost, unknown.Cost);
        Assert.Equal(known.Cells, unknown.Cells);
        Assert.NotEqual(known.HashText, unknown.HashText);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("_count")]
    [InlineData("login")]
    [InlineData("log in_count")]
    [InlineData("login'; DROP TABLE dataset_1; --_count")]
    [InlineData("lögin_count")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_count")]
    public void A_malformed_metric_is_refused(string? metric) => Refused(new MetricRequest { Metric = metric }, RefusalCodes.InvalidMetric, "metric");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("1e999")]
    [InlineData("")]
    public void An_epsilon_that_is_no_number_above_zero_is_refused(string epsilon) =>
        Refused(new MetricRequest { Metric = "login_count", Epsilon = epsilon }, RefusalCodes.InvalidEpsilon, "epsilon");

    [Fact]
    public void Other_malformed_parameters_are_refused_by_name()
    {
        MetricRequest good = new() { Metric = "login_count" };
        Refused(good with { Period = "yearly" }, RefusalCodes.InvalidPeriod, "period");
        Refused(good with { Dataset = "nothing" }, RefusalCodes.UnknownDataset, "dataset");
        Refused(good with { Dataset = "x'; --" }, RefusalCodes.UnknownDataset, "dataset");
        Refused(good with { From = "tomorrow" }, RefusalCodes.InvalidRange, "from");
        Refused(good with { To = "2024-13-01" }, RefusalCodes.InvalidRange, "to");
        Refused(good with { TimeZone = "Mars/Olympus" }, RefusalCodes.UnknownTimeZone, "tz");
        Refused(good with { GroupBy = "," }, RefusalCodes.InvalidQuery, "group_by");
        Refused(good with { Epsilon = "1", Error = "5" }, RefusalCodes.InvalidQuery, "error");
        Refused(good with { Error = "-5" }, RefusalCodes.InvalidErrorTarget, "error");
    }

    [Fact]
    public async Task A_declared_metric_wins_over_the_built_in_one()
    {
        Dataset events = _host.Catalog.Find(Tenant.Default, "events")!;
        const string Json = """{"dataset":"events","measures":[{"function":"distinct_subjects","name":"people"}],"epsilon":0.25}""";
        await _host.Control.WriteAsync(
            transaction => _host.Catalog.PutMetric(transaction, events.Id, new Metric("login_count", Json, ListedForViewers: true)), CancellationToken.None);
        MetricQuery metric = Build(new MetricRequest { Metric = "login_count", Period = "week", From = "2024-01-01", To = "2024-02-01" });
        Assert.True(metric.ListedForViewers);
        Assert.Equal(MeasureFunction.DistinctSubjects, Assert.Single(metric.Query.Measures).Function);
        Assert.Equal(0.25, metric.Query.Epsilon);
        Assert.Equal([new PeriodKey(Period.Week)], metric.Query.GroupBy);
        Assert.Equal(RangeOrigin.Request, metric.Query.RangeOrigin);
    }

    [Fact]
    public void An_error_replaces_epsilon()
    {
        Query query = Build(new MetricRequest { Metric = "login_count", Error = "50" }).Query;
        Assert.Equal(new ErrorTarget(50, 0.95), query.Error);
        Assert.Null(query.Epsilon);
        Assert.True(Plan(query).Measures[0].HalfWidth <= 50);
    }

    private MetricQuery Build(MetricRequest request) => _host.Metrics.Build(AnalyticsHost.Analyst, request);

    private QueryPlan Plan(Query query) => Shop.Plan(query, _host.Catalog.Find(Tenant.Default, "events"));

    private void Refused(MetricRequest request, string code, string path)
    {
        QueryRefusedException refusal = Assert.Throws<QueryRefusedException>(() => Build(request));
        Assert.Equal(code, refusal.Code);
        Assert.Equal(path, refusal.Path);
    }
}
