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

    [Fact]
    public async Task A_join_has_one_release_with_its_JSON_form()
    {
        AnswerDocument sql = await AskAsync($"SELECT count(*) FROM events a JOIN events b ON a.user_id = b.user_id AND b.action = 'purchase' {Where.Replace("action", "a.action", StringComparison.Ordinal).Replace("timestamp", "a.timestamp", StringComparison.Ordinal)}");
        using HttpResponseMessage response = await PostAsync(
            """
            {"dataset":"events","as":"x","join":[{"dataset":"events","as":"y"}],"measures":[{"function":"count"}],
             "where":[{"field":"y.action","op":"eq","value":"purchase"},{"field":"x.action","op":"eq","value":"login"}],"from":"2024-01-01","to":"2024-01-04","epsilon":0.25}
            """);
        AnswerDocument json = await response.ReadAsync<AnswerDocument>();
        Assert.Equal((sql.ReleaseId, sql.Plan.Hash), (json.ReleaseId, json.Plan.Hash));
        Assert.True(json.Replayed);
        Assert.Single(sql.Rows);
    }

    [Fact]
    public async Task One_row_per_subject_is_counted_and_has_one_release_with_its_JSON_form()
    {
        AnswerDocument sql = await AskAsync(
            $"WITH t AS (SELECT user_id, least(count(*), 5) AS n FROM events {Where} GROUP BY user_id) SELECT n, count(*) AS people FROM t WHERE n >= 2 GROUP BY n ORDER BY n");
        using HttpResponseMessage response = await PostAsync(
            """
            {"dataset":"events","subjects":{"values":[{"name":"logins","function":"count","clamp":[0,5]}],"where":[{"field":"action","op":"eq","value":"login"}]},
             "measures":[{"function":"count"}],"where":[{"field":"logins","op":"ge","value":2}],"group_by":[{"field":"logins"}],"from":"2024-01-01","to":"2024-01-04","epsilon":0.25}
            """);
        AnswerDocument json = await response.ReadAsync<AnswerDocument>();
        Assert.Equal((sql.ReleaseId, sql.Plan.Hash), (json.ReleaseId, json.Plan.Hash));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], sql.Rows.Select(r => r.Keys["n"]));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM events a, events b", "join_not_supported", "events a JOIN events b ON a.user_id = b.user_id")]
    [InlineData("SELECT count(*) FROM events a JOIN events b USING (action)", "join_not_on_subject", "ON a.user_id = b.user_id")]
    [InlineData("SELECT count(*) FROM (SELECT action, count(*) AS n FROM events GROUP BY action)", "subquery_aggregate", "GROUP BY user_id")]
    public async Task A_refused_join_or_subquery_says_what_would_be_accepted(string sql, string code, string suggestion)
    {
        using HttpResponseMessage response = await PostAsync(Body(sql));
        Assert.Equal(suggestion, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, code)).Suggestion);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM events WHERE action LIKE '%Needle'", "", "like_pattern", "SELECT count(*) FROM events WHERE action LIKE ?")]
    [InlineData("SELECT count(*) FROM events a, events b WHERE a.action = 'Needle'", "?dry_run=true", "join_not_supported", "SELECT count(*) FROM events a, events b WHERE a.action = ?")]
    [InlineData("SELECT count(*) FROM events WHERE action = Needle's", "", "syntax_error", "SELECT count(*) FROM ? WHERE ? = ??")]
    [InlineData("DELETE FROM events WHERE action = 'Needle'", "", "not_select", "DELETE FROM ? WHERE ? = ?")]
    public async Task SQL_that_is_refused_while_it_is_read_is_in_the_log_with_its_text_and_code(string sql, string parameters, string code, string logged)
    {
        string actor = "sql" + sql.GetHashCode(StringComparison.Ordinal);
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/analytics/query" + parameters, null, Body(sql), _server.Mint("analyst", actor));
        await response.ProblemAsync(response.StatusCode, code);
        Opaline.Audit.AuditRecord record = Assert.Single(await _server.LogAsync(actor)).Record;
        Assert.Equal(code, record.Outcome);
        Assert.Equal(parameters.Length == 0 ? Opaline.Audit.AuditActions.DataAccess : Opaline.Audit.AuditActions.DryRun, record.Action);
        using JsonDocument detail = JsonDocument.Parse(record.Detail!);
        Assert.Equal(logged, detail.RootElement.GetProperty("sql").GetString());
        Assert.DoesNotContain("Needle", record.ToString(), StringComparison.Ordinal);
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
