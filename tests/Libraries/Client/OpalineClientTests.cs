using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Libraries.Tests.Client.Http;

namespace Opaline.Libraries.Tests.Client;

public class OpalineClientTests
{
    private static readonly JsonElement Question = JsonSerializer.SerializeToElement(new { dataset = "events" });

    private static HttpResponseMessage Busy(TimeSpan? retryAfter = null)
    {
        HttpResponseMessage response = ScriptedServer.Json("""{"code":"rate_limited","detail":"Wait."}""", HttpStatusCode.TooManyRequests);
        if (retryAfter is { } wait)
            response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return response;
    }

    [Fact]
    public async Task A_token_serves_many_calls_and_is_renewed_before_it_ends()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json(ScriptedServer.Budget) };
        using OpalineClient client = server.Client();
        await client.GetBudgetAsync();
        await client.GetBudgetAsync();
        Assert.Single(server.Requests, r => r.Path == "/connect/token");
        server.Time.Advance(TimeSpan.FromSeconds(541));
        await client.GetBudgetAsync();
        Assert.Equal(2, server.Requests.Count(r => r.Path == "/connect/token"));
    }

    [Fact]
    public async Task A_dry_run_of_SQL_and_of_a_query_asks_for_a_plan_only()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json("""{"code":"star","detail":"Rows never leave."}""", HttpStatusCode.UnprocessableEntity) };
        using OpalineClient client = server.Client();
        OpalineProblemException refused = await Assert.ThrowsAsync<OpalineProblemException>(
            () => client.DryRunSqlAsync(new SqlQueryDocument { Sql = "SELECT * FROM events", Error = new QueryErrorTargetDocument { Relative = 0.1, To = "r1" } }));
        Assert.Equal("star", refused.Code);
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.DryRunAsync(new QueryDocument { Dataset = "events", Limit = 3 }));
        Assert.All(server.Calls, c => Assert.Equal(("POST", "/api/v1/analytics/query", "?dry_run=true"), (c.Method, c.Path, c.Query)));
        Assert.Equal(
            ["""{"sql":"SELECT * FROM events","error":{"relative":0.1,"to":"r1"}}""", """{"dataset":"events","limit":3}"""],
            server.Calls.Select(c => c.Body));
    }

    [Fact]
    public async Task The_age_of_an_answer_goes_with_a_question_a_batch_and_a_metric()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json("""{"code":"star","detail":"Rows never leave."}""", HttpStatusCode.UnprocessableEntity) };
        using OpalineClient client = server.Client();
        AskOptions young = new(MaxAge: TimeSpan.FromSeconds(3_600.9));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.QueryAsync(Question, young));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.QuerySqlAsync(new SqlQueryDocument { Sql = "SELECT" }, young));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.QueryBatchAsync(new QueryBatchDocument([new SqlQueryDocument { Sql = "SELECT" }]), young));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.Dataset<JsonElement>("events").Count().AskAsync(young));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.AggregateAsync(new AggregateRequest("login_count") { Options = young }));
        Assert.All(server.Calls, c => Assert.EndsWith("max_age=3600", c.Query, StringComparison.Ordinal));
        Assert.Equal(5, server.Calls.Count());
        foreach (double seconds in (double[])[-1, 3e9])
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.QueryAsync(Question, new AskOptions(MaxAge: TimeSpan.FromSeconds(seconds))));
    }

    [Fact]
    public async Task Calls_at_the_same_time_share_one_token_request()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json(ScriptedServer.Budget) };
        using OpalineClient client = server.Client();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => client.GetBudgetAsync())));
        Assert.Single(server.Requests, r => r.Path == "/connect/token");
    }

    [Fact]
    public async Task A_token_that_the_server_no_longer_takes_is_replaced_once()
    {
        using ScriptedServer server = new()
        {
            OnToken = n => ScriptedServer.Json($$"""{"access_token":"t{{n}}","token_type":"Bearer","expires_in":600}"""),
            OnCall = (call, _) => call.Token == "t1" ? new HttpResponseMessage(HttpStatusCode.Unauthorized) : ScriptedServer.Json(ScriptedServer.Budget),
        };
        using OpalineClient client = server.Client();
        await client.GetBudgetAsync();
        Assert.Equal(["t1", "t2"], server.Calls.Select(c => c.Token));
    }

    [Fact]
    public async Task A_server_that_refuses_every_token_is_not_asked_forever()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => new HttpResponseMessage(HttpStatusCode.Unauthorized) };
        using OpalineClient client = server.Client();
        OpalineProblemException refused = await Assert.ThrowsAsync<OpalineProblemException>(() => client.GetBudgetAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal(2, server.Calls.Count());
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_after_as_long_as_it_says()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, n) => n < 3 ? Busy(TimeSpan.FromSeconds(7)) : ScriptedServer.Json(ScriptedServer.Budget),
        };
        using OpalineClient client = server.Client();
        await client.GetBudgetAsync();
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)], server.Time.Waits);
    }

    [Fact]
    public async Task A_wait_longer_than_the_client_is_patient_ends_the_call()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => Busy(TimeSpan.FromHours(1)) };
        using OpalineClient client = server.Client();
        OpalineProblemException refused = await Assert.ThrowsAsync<OpalineProblemException>(() => client.GetBudgetAsync());
        Assert.Equal("rate_limited", refused.Code);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task Attempts_are_bounded_and_their_waits_double()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => throw new HttpRequestException("gone") };
        using OpalineClient client = server.Client(new OpalineClientOptions { MaxAttempts = 5, FirstDelay = TimeSpan.FromMilliseconds(100) });
        await Assert.ThrowsAsync<OpalineConnectionException>(() => client.GetBudgetAsync());
        Assert.Equal(5, server.Calls.Count());
        Assert.All(
            server.Time.Waits.Select((wait, i) => wait.TotalMilliseconds / (100 << i)), share => Assert.InRange(share, 0.499, 1.0));
    }

    [Fact]
    public async Task Rows_whose_answer_was_lost_are_sent_again_under_the_same_key()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, n) => n == 1 ? throw new HttpRequestException("reset") : ScriptedServer.Json(ScriptedServer.Receipt, HttpStatusCode.Accepted),
        };
        using OpalineClient client = server.Client();
        await client.SendRowsAsync("shop", "{\"a\":1}\n"u8.ToArray(), "key-1");
        Assert.Equal(2, server.Calls.Count());
        Assert.All(server.Calls, call => Assert.Equal(("POST", "/api/v1/datasets/shop/rows", "key-1", "{\"a\":1}\n"), (call.Method, call.Path, call.Key, call.Body)));
        Assert.All(server.Calls, call => Assert.Equal("application/x-ndjson", call.Type));
    }

    [Fact]
    public async Task A_question_is_repeated_after_a_lost_connection_but_one_for_a_fresh_release_is_not()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => throw new HttpRequestException("reset") };
        using OpalineClient client = server.Client(new OpalineClientOptions { MaxAttempts = 3 });
        await Assert.ThrowsAsync<OpalineConnectionException>(() => client.QueryAsync(Question));
        Assert.Equal(3, server.Calls.Count());
        await Assert.ThrowsAsync<OpalineConnectionException>(() => client.QueryAsync(Question, new AskOptions(Fresh: true)));
        Assert.Equal(4, server.Calls.Count());
        Assert.Equal("?fresh=true", server.Calls.Last().Query);
    }

    [Fact]
    public async Task A_problem_says_its_code_and_what_to_do()
    {
        using ScriptedServer server = new()
        {
            OnCall = (_, _) => ScriptedServer.Json(
                """
                {"status":403,"title":"Forbidden","code":"budget_exhausted","detail":"Ask again on Monday.","unknown":[1],
                 "account":{"kind":"dataset","name":"events","limit_nano_rho":5,"spent_nano_rho":5,"left_nano_rho":0,"left_epsilon":0,
                            "limit_delta":0.1,"spent_delta":0,"window_ends":"2024-02-01T00:00:00Z","lifetime_nano_rho":5,"lifetime_epsilon":1}}
                """,
                HttpStatusCode.Forbidden),
        };
        using OpalineClient client = server.Client();
        OpalineProblemException refused = await Assert.ThrowsAsync<OpalineProblemException>(() => client.QueryAsync(Question));
        Assert.Equal("budget_exhausted", refused.Code);
        Assert.Equal("Ask again on Monday.", refused.Message);
        Assert.Equal("events", refused.Problem.Account!.Name);
        Assert.Equal(new DateTime(2024, 2, 1, 0, 0, 0, DateTimeKind.Utc), refused.Problem.Account.WindowEnds);
    }

    [Theory]
    [InlineData("<html>502</html>", HttpStatusCode.BadGateway)]
    [InlineData("<html>hello</html>", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.InternalServerError)]
    public async Task An_answer_of_something_else_on_the_way_is_told_as_such(string body, HttpStatusCode status)
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json(body, status) };
        using OpalineClient client = server.Client();
        OpalineProblemException foreign = await Assert.ThrowsAsync<OpalineProblemException>(() => client.GetBudgetAsync());
        Assert.Equal($"http_{(int)status}", foreign.Code);
        Assert.DoesNotContain("html", foreign.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_credentials_are_told_in_the_words_of_OAuth()
    {
        using ScriptedServer server = new()
        {
            OnToken = _ => ScriptedServer.Json("""{"error":"invalid_client","error_description":"Unknown client."}""", HttpStatusCode.Unauthorized),
            OnCall = (_, _) => throw new InvalidOperationException("Not without a token."),
        };
        using OpalineClient client = server.Client();
        OpalineProblemException refused = await Assert.ThrowsAsync<OpalineProblemException>(() => client.GetBudgetAsync());
        Assert.Equal("invalid_client", refused.Code);
        Assert.Equal("Unknown client.", refused.Message);
    }

    [Fact]
    public async Task Names_are_escaped_wherever_they_stand_in_an_address()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => new HttpResponseMessage(HttpStatusCode.NotFound) };
        using OpalineClient client = server.Client();
        Assert.Null(await client.FindDatasetAsync("a/../b?c"));
        await Assert.ThrowsAsync<OpalineProblemException>(() => client.AggregateAsync(
            new AggregateRequest("login_count") { Period = "daily", GroupBy = "a&b=c", Epsilon = 0.5 }));
        Assert.Equal("/api/v1/datasets/a%2F..%2Fb%3Fc", server.Calls.First().Path);
        Assert.Equal("?metric=login_count&period=daily&group_by=a%26b%3Dc&epsilon=0.5", server.Calls.Last().Query);
    }

    [Fact]
    public async Task Events_travel_one_a_line_in_snake_case()
    {
        using ScriptedServer server = new() { OnCall = (_, _) => ScriptedServer.Json(ScriptedServer.Receipt, HttpStatusCode.Accepted) };
        using OpalineClient client = server.Client();
        DateTime time = new(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc);
        await client.SendEventsAsync([new EventDocument("u", "login", time), new EventDocument("v", "logout", time, EventId: "e")], "k");
        Assert.Equal(
            "{\"user_id\":\"u\",\"action\":\"login\",\"timestamp\":\"2024-01-15T10:30:00Z\"}\n"
            + "{\"user_id\":\"v\",\"action\":\"logout\",\"timestamp\":\"2024-01-15T10:30:00Z\",\"event_id\":\"e\"}\n",
            server.Calls.Single().Body);
    }

    [Fact]
    public void A_secret_is_not_printed() =>
        Assert.Equal("id", new OpalineCredentials("id", "secret").ToString());

    [Fact]
    public async Task A_watched_budget_comes_event_by_event_without_heartbeats_and_is_connected_again_with_a_new_token()
    {
        using ScriptedServer server = new()
        {
            OnToken = n => ScriptedServer.Json($$"""{"access_token":"t{{n}}","token_type":"Bearer","expires_in":600}"""),
            OnCall = (call, n) => n switch
            {
                1 => Events(Account("a"), "event: heartbeat\ndata: {\"as_of\":\"2024-01-01T00:00:00Z\"}\n\n", Account("b")),
                2 => throw new HttpRequestException("gone"),
                3 => new HttpResponseMessage(HttpStatusCode.Unauthorized),
                _ => Events(Account("c")),
            },
        };
        using OpalineClient client = server.Client();
        List<string> names = [];
        await foreach (BudgetEventDocument change in client.WatchBudgetAsync(TestContext.Current.CancellationToken))
        {
            names.Add(change.Account!.Name);
            if (names.Count == 3)
                break;
        }

        Assert.Equal(["a", "b", "c"], names);
        Assert.All(server.Calls, c => Assert.Equal("/api/v1/budget/events", c.Path));
        Assert.Equal(["t1", "t1", "t1", "t2"], server.Calls.Select(c => c.Token));
    }

    [Fact]
    public async Task A_watch_that_gives_nothing_and_one_that_is_refused_end()
    {
        using ScriptedServer empty = new() { OnCall = (_, _) => Events() };
        using OpalineClient client = empty.Client(new OpalineClientOptions { MaxAttempts = 3 });
        await Assert.ThrowsAsync<OpalineConnectionException>(() => FirstAsync(client));
        Assert.Equal(3, empty.Calls.Count());

        using ScriptedServer full = new() { OnCall = (_, _) => ScriptedServer.Json("""{"code":"forbidden"}""", HttpStatusCode.Forbidden) };
        using OpalineClient refused = full.Client();
        Assert.Equal("forbidden", (await Assert.ThrowsAsync<OpalineProblemException>(() => FirstAsync(refused))).Code);
    }

    private static async Task<BudgetEventDocument?> FirstAsync(OpalineClient client)
    {
        await foreach (BudgetEventDocument change in client.WatchBudgetAsync(TestContext.Current.CancellationToken))
            return change;
        return null;
    }

    private static HttpResponseMessage Events(params string[] events) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(string.Concat(events), System.Text.Encoding.UTF8, "text/event-stream"),
    };

    private static string Account(string name) =>
        "event: account\ndata: {\"as_of\":\"2024-01-01T00:00:00Z\",\"account\":{\"kind\":\"dataset\",\"name\":\"" + name + "\"}}\n\n";
}
