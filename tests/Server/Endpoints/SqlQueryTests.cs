using System.Net;
using System.Text;
using System.Text.Json;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Client.Linq;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>SQL over HTTP.</summary>
public class SqlQueryTests(SharedServer shared)
{
    private const string Where = "WHERE action = 'login' AND timestamp >= DATE '2024-01-01' AND timestamp < DATE '2024-01-04'";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task SQL_and_JSON_of_a_question_have_one_release()
    {
        AnswerDocument sql = await AskAsync($"SELECT date_trunc('day', timestamp), count(*) FROM events {Where} GROUP BY 1");
        using HttpResponseMessage response = await PostAsync(
            """
            {"dataset":"events","measures":[{"function":"count"}],"where":[{"field":"action","op":"eq","value":"login"}],
             "group_by":[{"period":"day"}],"from":"2024-01-01","to":"2024-01-04","epsilon":0.25}
            """);
        AnswerDocument json = await response.ReadAsync<AnswerDocument>();
        Assert.Equal(sql.ReleaseId, json.ReleaseId);
        Assert.Equivalent(sql.Rows, json.Rows);
        Assert.Equal(3, sql.Rows.Count);
        Assert.True(json.Replayed);
        Assert.Equal(0, json.Cost.NanoRho);
    }

    [Fact]
    public async Task SQL_JSON_a_metric_and_LINQ_have_one_plan_one_cost_and_one_release()
    {
        const string range = "timestamp >= DATE '2024-02-01' AND timestamp < DATE '2024-02-05'";
        AnswerDocument sql = await AskAsync($"SELECT date_trunc('day', timestamp) AS d, count(*) AS logins FROM events WHERE {range} AND action = 'login' GROUP BY 1");
        using HttpResponseMessage asked = await PostAsync(
            """
            {"dataset":"events","measures":[{"function":"count","name":"n"}],"where":[{"field":"action","op":"in","values":["login"]}],
             "group_by":[{"period":"day"}],"from":"2024-02-01","to":"2024-02-05","epsilon":0.25}
            """);
        AnswerDocument json = await asked.ReadAsync<AnswerDocument>();
        using HttpResponseMessage found = await _server.GetAsync(
            "/api/v1/analytics/aggregate?metric=login_count&period=daily&from=2024-02-01&to=2024-02-05&epsilon=0.25", "analyst");
        AnswerDocument metric = await found.ReadAsync<AnswerDocument>();
        using HttpClient http = new() { BaseAddress = new Uri("http://localhost/") };
        using OpalineClient client = new(http, new OpalineCredentials("", ""));
        using HttpResponseMessage posted = await PostAsync(JsonSerializer.Serialize(
            client.Dataset<Visit>("events").Where(e => e.Action == "login").Between(new DateOnly(2024, 2, 1), new DateOnly(2024, 2, 5))
                .GroupBy(e => Row.Day(e.Timestamp)).WithEpsilon(0.25).Count().Document,
            OpalineJson.Options));
        AnswerDocument linq = await posted.ReadAsync<AnswerDocument>();
        Assert.All([json, metric, linq], other =>
        {
            Assert.Equal(sql.Plan.Hash, other.Plan.Hash);
            Assert.Equal(sql.ReleaseId, other.ReleaseId);
            Assert.Equal(sql.Plan.Measures[0].NanoRho, other.Plan.Measures[0].NanoRho);
            Assert.True(other.Replayed);
            Assert.Equal(0, other.Cost.NanoRho);
        });
        Assert.Equal(["logins", "n", "login_count", "count"], new[] { sql, json, metric, linq }.Select(a => a.Rows[0].Values.Keys.Single()));
        Assert.Equal("login_count", metric.Plan.Measures[0].Name);
        Assert.Single(new[] { sql, json, metric, linq }.Select(a => a.Rows[0].Values.Values.Single().Value).Distinct());
    }

    [Fact]
    public async Task An_answer_is_shown_as_it_was_asked()
    {
        AnswerDocument answer = await AskAsync($"SELECT date_trunc('day', timestamp) AS d, count(*) AS n, count(*) * 2 AS twice FROM events {Where} GROUP BY d ORDER BY d DESC LIMIT 2");
        Assert.Equal(["2024-01-03", "2024-01-02"], answer.Rows.Select(r => r.Keys["d"]));
        Assert.All(answer.Rows, r =>
        {
            Assert.Equal(2 * r.Values["n"].Value, r.Values["twice"].Value);
            Assert.Equal(2 * r.Values["n"].High, r.Values["twice"].High);
        });
    }

    [Fact]
    public async Task A_dry_run_of_SQL_prices_it()
    {
        using HttpResponseMessage response = await PostAsync(Body($"SELECT count(DISTINCT user_id) FROM events {Where}"), "?dry_run=true");
        DryRunDocument plan = await response.ReadAsync<DryRunDocument>();
        Assert.True(plan.Cost.NanoRho > 0);
    }

    [Theory]
    [InlineData("SELECT * FROM events", HttpStatusCode.UnprocessableEntity, "star", "*")]
    [InlineData("SELECT user_id, count(*) FROM events GROUP BY user_id", HttpStatusCode.UnprocessableEntity, "field_not_allowed", "user_id")]
    [InlineData("SELECT count(*) FROM events WHERE action LIKE '%in'", HttpStatusCode.UnprocessableEntity, "like_pattern", "action LIKE '%in'")]
    [InlineData("SELEC 1", HttpStatusCode.BadRequest, "syntax_error", "$.sql")]
    [InlineData("EXPLAIN SELECT count(*) FROM events", HttpStatusCode.BadRequest, "not_select", "$.sql")]
    [InlineData("SELECT count(*) FROM nowhere", HttpStatusCode.NotFound, "unknown_dataset", "nowhere")]
    public async Task A_refusal_names_the_fragment(string sql, HttpStatusCode status, string code, string fragment)
    {
        using HttpResponseMessage response = await PostAsync(Body(sql));
        ProblemDocument problem = await response.ProblemAsync(status, code);
        Assert.Equal(fragment, problem.Path);
    }

    [Fact]
    public async Task A_refusal_says_what_would_be_accepted()
    {
        using HttpResponseMessage response = await PostAsync(Body("SELECT count(*) FROM events WHERE action LIKE 'log_n%'"));
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "like_pattern");
        Assert.Equal("x LIKE 'log%'", problem.Suggestion);
    }

    [Theory]
    [InlineData("""{"sql":"SELECT count(*) FROM events","from":"2024-01-01"}""", "$")]
    [InlineData("""{"sql":7}""", "$.sql")]
    [InlineData("""{"sql":"SELECT count(*) FROM events","epsilon":1,"error":{"absolute":5}}""", "$.error")]
    public async Task What_stands_beside_the_SQL_is_read_as_strictly(string body, string path)
    {
        using HttpResponseMessage response = await PostAsync(body);
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_query");
        Assert.Equal(path, problem.Path);
    }

    private async Task<AnswerDocument> AskAsync(string sql)
    {
        using HttpResponseMessage response = await PostAsync(Body(sql));
        return await response.ReadAsync<AnswerDocument>();
    }

    private static string Body(string sql) => JsonSerializer.Serialize(new { sql, epsilon = 0.25 });

    private async Task<HttpResponseMessage> PostAsync(string body, string parameters = "")
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        return await _server.SendAsync(HttpMethod.Post, "/api/v1/analytics/query" + parameters, "analyst", content);
    }

    private sealed record Visit
    {
        public required string Action { get; init; }

        public required DateTimeOffset Timestamp { get; init; }
    }
}
