using System.Net;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Problems;

/// <summary>Bad questions: refused before anything is charged or read, with a record.</summary>
public class BadQueryTests(SharedServer shared)
{
    private const string Count = "\"dataset\":\"events\",\"measures\":[{\"function\":\"count\"}]";

    private readonly RunningServer _server = shared.Server;

    public static TheoryData<string, string?> Aggregates => new()
    {
        { "", "metric" },
        { "?metric=", "metric" },
        { "?metric=login", "metric" },
        { "?metric=log%00in_count", "metric" },
        { "?metric=%27%3B+DROP+TABLE+events%3B--_count", "metric" },
        { "?metric=login_count&period=sometimes", "period" },
        { "?metric=login_count&epsilon=0", "epsilon" },
        { "?metric=login_count&epsilon=-1", "epsilon" },
        { "?metric=login_count&epsilon=NaN", "epsilon" },
        { "?metric=login_count&epsilon=Infinity", "epsilon" },
        { "?metric=login_count&epsilon=much", "epsilon" },
        { "?metric=login_count&epsilon=1e400", "epsilon" },
        { "?metric=login_count&error=-3", "error" },
        { "?metric=login_count&tz=Nowhere/Land", "tz" },
        { "?metric=login_count&from=yesterday", "from" },
        { "?metric=login_count&from=9999-01-01&to=9999-02-01", null },
        { "?metric=login_count&from=2024-02-01&to=2024-01-01", "to" },
        { "?metric=login_count&from=9999-01-01&to=9999-02-01&tz=Nowhere/Land", "tz" },
        { "?metric=login_count&from=2024-01-01&to=2024-02-01&epsilon=1000000", "epsilon" },
        { "?metric=login_count&group_by=action%27%20OR%201%3D1", "group_by" },
        { "?metric=login_count&group_by=%22%3B%20DROP%20TABLE%20dataset_1%3B--", "group_by" },
        { "?metric=login_count&dataset=nowhere", "dataset" },
        { "?metric=login_count&epsilom=1", null },
        { "?metric=login_count&metric=logout_count", "metric" },
        { "?metric=login_count&fresh=perhaps", "fresh" },
        { "?metric=login_count&max_age=-1", "max_age" },
    };

    public static TheoryData<string> Queries =>
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        """{"sql":"SELECT * FROM events"}""",
        """{"dataset":"events","measures":[]}""",
        """{"dataset":"events","measures":[{"function":"median","field":"x"}]}""",
        $$"""{{{Count}},"epsilon":0}""",
        $$"""{{{Count}},"epsilon":-0.5}""",
        $$"""{{{Count}},"epsilon":NaN}""",
        $$"""{{{Count}},"epsilon":"NaN"}""",
        $$"""{{{Count}},"epsilon":1e999}""",
        $$"""{{{Count}},"delta":0.0011}""",
        $$"""{{{Count}},"delta":0}""",
        $$"""{{{Count}},"epsilom":1}""",
        $$"""{{{Count}},"epsilon":1,"epsilon":20}""",
        $$"""{{{Count}},"group_by":[{"field":"action\"; DROP TABLE dataset_1; --"}]}""",
        $$"""{{{Count}},"group_by":[{"field":"a\u0000b"}]}""",
        $$"""{{{Count}},"where":[{"field":"1=1 OR action","op":"eq","value":"x"}]}""",
        $$"""{{{Count}},"group_by":[{"field":"user_id"}]}""",
    ];

    [Theory]
    [MemberData(nameof(Aggregates))]
    public async Task Aggregate_that_cannot_be_is_refused(string parameters, string? path)
    {
        string actor = "aggregate" + parameters.GetHashCode(StringComparison.Ordinal);
        using HttpResponseMessage response =
            await _server.SendAsync(HttpMethod.Get, "/api/v1/analytics/aggregate" + parameters, null, token: _server.Mint("analyst", actor));
        ProblemDocument problem = await response.ProblemAsync(response.StatusCode);
        Assert.InRange((int)response.StatusCode, 400, 422);
        if (path is not null)
            Assert.Equal(path, problem.Path);
        await RefusedAsync(actor, problem);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Query_that_cannot_be_is_refused(string query)
    {
        string actor = "query" + query.GetHashCode(StringComparison.Ordinal);
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/analytics/query", null, query, _server.Mint("analyst", actor));
        ProblemDocument problem = await response.ProblemAsync(response.StatusCode);
        Assert.InRange((int)response.StatusCode, 400, 422);
        await RefusedAsync(actor, problem);
    }

    [Fact]
    public async Task Viewer_asking_a_query_is_refused_and_recorded()
    {
        using HttpResponseMessage response =
            await _server.PostJsonAsync("/api/v1/analytics/query", null, $$"""{{{Count}}}""", _server.Mint("viewer", "curious-viewer"));
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Contains("viewer", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("forbidden", Assert.Single(await _server.LogAsync("curious-viewer")).Record.Outcome);
    }

    [Fact]
    public async Task Unknown_and_unconfirmed_fields_are_refused_alike()
    {
        const string Event = """{"user_id":"u1","action":"seen","timestamp":"2024-01-15T10:30:00Z","metadata":{"unconfirmed_thing":7}}""";
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/events", "ingest", Event);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        ProblemDocument unconfirmed = await GroupByAsync("metadata.unconfirmed_thing");
        ProblemDocument unknown = await GroupByAsync("metadata.nobody_sent_this");
        Assert.Equal(unknown, unconfirmed);
    }

    [Fact]
    public async Task Spent_budget_is_told_with_what_is_left()
    {
        await using RunningServer server = await RunningServer.StartAsync(arguments: ["--Opaline:Budgets:Principal:Epsilon=0.1"]);
        using HttpResponseMessage response = await server.GetAsync("/api/v1/analytics/aggregate?metric=login_count&epsilon=1", "analyst");
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.Forbidden, "budget_exhausted");
        Assert.Equal("principal", problem.Account!.Kind);
        Assert.True(problem.Account.LeftNanoRho > 0);
        Assert.NotNull(problem.Account.WindowEnds);
        Assert.Equal("budget_exhausted", (await server.LogAsync("analyst"))[0].Record.Outcome);
    }

    private async Task RefusedAsync(string actor, ProblemDocument problem)
    {
        Opaline.Audit.AuditRecord record = Assert.Single(await _server.LogAsync(actor)).Record;
        Assert.Equal(problem.Code, record.Outcome);
        Assert.Equal("analyst", record.Role);
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Get, "/api/v1/budget", null, token: _server.Mint("analyst", actor));
        BudgetDocument budget = await response.ReadAsync<BudgetDocument>();
        Assert.Equal(0, budget.Accounts.Single(a => a.Kind == "principal").SpentNanoRho);
    }

    private async Task<ProblemDocument> GroupByAsync(string field)
    {
        string query = $$"""{{{Count}},"group_by":[{"field":"{{field}}"}]}""";
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/analytics/query", "analyst", query);
        return await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }
}
