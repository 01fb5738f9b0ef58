using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Client.Contracts;
using Opaline.Server.Authentication;
using Opaline.Server.Tests.Authentication;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

public class BudgetTests
{
    private const string Stream = "/api/v1/budget/events";
    private static readonly string[] OwnAccounts = ["dataset events", "department research", "principal ann"];

    [Fact]
    public async Task A_watcher_is_told_of_every_charge_of_the_accounts_it_may_see_and_of_nobody_elses()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await OpenAsync(server, Token(server, "ann", "research"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.True(response.Headers.Contains("RateLimit-Limit"));
        await using IAsyncEnumerator<SseItem<string>> events = Events(response);

        List<(string Name, AccountDocument Account)> first = await NextAsync(events, 3);
        Assert.Equal(OwnAccounts, first.Select(a => a.Name));
        Assert.All(first, a => Assert.Equal(0, a.Account.SpentNanoRho));

        long others = await AskAsync(server, Token(server, "bob", "sales"), "0.1");
        (string name, AccountDocument dataset) = Assert.Single(await NextAsync(events, 1));
        Assert.Equal(("dataset events", others), (name, dataset.SpentNanoRho));
        Assert.Equal(dataset.LimitNanoRho - others, dataset.LeftNanoRho);

        long own = await AskAsync(server, Token(server, "ann", "research"), "0.2");
        List<(string Name, AccountDocument Account)> after = await NextAsync(events, 3);
        Assert.Equal(OwnAccounts, after.Select(a => a.Name));
        Assert.Equal([others + own, own, own], after.Select(a => a.Account.SpentNanoRho));

        Opaline.Audit.AuditEntry record = (await server.LogAsync("ann"))[^1];
        Assert.Equal(("budget_read", "endpoint/api/v1/budget/events", "ok"), (record.Record.Action, record.Record.Object, record.Record.Outcome));
    }

    [Fact]
    public async Task A_stream_outlives_the_limit_of_other_calls_and_ends_whole_with_its_token()
    {
        await using RunningServer server = await RunningServer.StartAsync(arguments: ["--Opaline:Limits:RequestSeconds=1"]);
        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddSeconds(4);
        string token = ForgedTokens.Make(
            server.Services.GetRequiredService<SigningKey>().Credentials, age: TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(4), claims: Claims("ann", "research"));
        using HttpResponseMessage response = await OpenAsync(server, token);
        await using IAsyncEnumerator<SseItem<string>> events = Events(response);
        await NextAsync(events, 3);
        Assert.False(await events.MoveNextAsync());
        // Tokens count whole seconds.
        Assert.True(TimeProvider.System.GetUtcNow() >= expires.AddSeconds(-1.1));
    }

    [Fact]
    public async Task A_stream_ends_whole_with_the_server()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await OpenAsync(server, Token(server, "ann", "research"));
        await using IAsyncEnumerator<SseItem<string>> events = Events(response);
        await NextAsync(events, 3);
        Task stopping = server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(await events.MoveNextAsync());
        await stopping;
    }

    [Fact]
    public async Task A_caller_has_four_streams_at_most_and_gets_another_once_one_has_ended()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string token = Token(server, "ann", "research");
        List<HttpResponseMessage> open = [];
        for (int i = 0; i < 4; i++)
            open.Add(await OpenAsync(server, token));
        Assert.All(open, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        using (HttpResponseMessage refused = await OpenAsync(server, token))
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_streams");
        Assert.Equal("too_many_streams", (await server.LogAsync("ann", 1))[0].Record.Outcome);
        using (HttpResponseMessage another = await OpenAsync(server, Token(server, "bob", "research")))
            Assert.Equal(HttpStatusCode.OK, another.StatusCode);

        open[0].Dispose();
        HttpStatusCode status = HttpStatusCode.TooManyRequests;
        for (int tries = 0; status != HttpStatusCode.OK && tries < 200; tries++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            using HttpResponseMessage again = await OpenAsync(server, token);
            status = again.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, status);
        open.ForEach(r => r.Dispose());
    }

    [Fact]
    public async Task History_is_told_by_day_if_it_is_asked_for_and_a_forecast_always()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        long cost = await AskAsync(server, Token(server, "ann", "research"), "0.1") + await AskAsync(server, Token(server, "ann", "research"), "0.2");
        BudgetDocument budget = await ReadAsync(server, "?history_days=30");
        foreach (AccountDocument account in budget.Accounts)
        {
            DaySpendDocument day = Assert.Single(account.History!);
            Assert.Equal((2, cost), (day.Charges, day.NanoRho));
            Assert.Equal(DateOnly.FromDateTime(budget.AsOf), day.Day);
            Assert.InRange(account.Forecast!.NanoRhoPerDay, cost / 31, cost);
            Assert.Equal(cost, account.LifetimeNanoRho);
            Assert.Equal(account.SpentDelta, account.LifetimeDelta);
        }

        Assert.Equal(cost, budget.Scopes.Single().NanoRho);
        Assert.All((await ReadAsync(server, "")).Accounts, a => Assert.Null(a.History));
        foreach (string wrong in (string[])["0", "401", "-1", "thirty", "1.5", ""])
        {
            using HttpResponseMessage refused = await server.GetAsync("/api/v1/budget?history_days=" + wrong, "analyst");
            Assert.Equal("history_days", (await refused.ProblemAsync(HttpStatusCode.BadRequest, "bad_parameter")).Path);
        }
    }

    [Fact]
    public async Task A_question_that_does_not_fit_is_told_the_epsilon_that_does()
    {
        await using RunningServer server = await RunningServer.StartAsync(arguments: ["--Opaline:Budgets:Dataset:Epsilon=1"]);
        using HttpResponseMessage refused = await server.PostJsonAsync("/api/v1/analytics/query", "analyst", Question("2"));
        ProblemDocument problem = await refused.ProblemAsync(HttpStatusCode.Forbidden, "budget_exhausted");
        Assert.Equal(problem.Account!.LeftNanoRho, problem.LargestNanoRho);
        Assert.Equal(problem.Account.WindowEnds, problem.MoreAt);
        long cost = await AskAsync(server, await server.TokenAsync("analyst"), JsonSerializer.Serialize(problem.LargestEpsilon));
        // The account is worth ε = 1 to the last bit, and that is what fits.
        Assert.Equal(1.0, problem.LargestEpsilon!.Value);
        Assert.Equal(problem.LargestNanoRho!.Value, cost);

        using HttpResponseMessage nothing = await server.PostJsonAsync("/api/v1/analytics/query", "analyst", Question("1.5"));
        problem = await nothing.ProblemAsync(HttpStatusCode.Forbidden, "budget_exhausted");
        Assert.Null(problem.LargestEpsilon);
        Assert.Equal(0, problem.LargestNanoRho!.Value);
        Assert.NotNull(problem.MoreAt);
    }

    private static async Task<BudgetDocument> ReadAsync(RunningServer server, string query)
    {
        using HttpResponseMessage response = await server.SendAsync(
            HttpMethod.Get, "/api/v1/budget" + query, null, token: Token(server, "ann", "research"));
        return await response.ReadAsync<BudgetDocument>();
    }

    private static string Question(string epsilon) => $$"""{"dataset":"events","measures":[{"function":"count"}],"epsilon":{{epsilon}}}""";

    /// <summary>Asks and returns what was charged.</summary>
    private static async Task<long> AskAsync(RunningServer server, string? token, string epsilon)
    {
        using HttpResponseMessage response = await server.PostJsonAsync("/api/v1/analytics/query", null, Question(epsilon), token);
        return (await response.ReadAsync<AnswerDocument>()).Cost.NanoRho;
    }

    private static Dictionary<string, object> Claims(string actor, string department) =>
        new() { ["sub"] = actor, ["role"] = "analyst", ["tenant"] = "default", ["department"] = department };

    private static string Token(RunningServer server, string actor, string department) =>
        ForgedTokens.Make(server.Services.GetRequiredService<SigningKey>().Credentials, claims: Claims(actor, department));

    private static async Task<HttpResponseMessage> OpenAsync(RunningServer server, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Stream);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static IAsyncEnumerator<SseItem<string>> Events(HttpResponseMessage response) => SseParser
        .Create(response.Content.ReadAsStream()).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    /// <summary>The next events, which tell of accounts and of nothing else.</summary>
    private static async Task<List<(string Name, AccountDocument Account)>> NextAsync(IAsyncEnumerator<SseItem<string>> events, int count)
    {
        List<(string, AccountDocument)> accounts = [];
        while (accounts.Count < count)
        {
            Assert.True(await events.MoveNextAsync(), "The stream has ended.");
            using JsonDocument json = JsonDocument.Parse(events.Current.Data);
            if (events.Current.EventType == "heartbeat")
                continue;
            Assert.Equal("account", events.Current.EventType);
            Assert.Equal(["as_of", "account"], json.RootElement.EnumerateObject().Select(p => p.Name));
            AccountDocument account = JsonSerializer.Deserialize<BudgetEventDocument>(events.Current.Data, OpalineJson.Options)!.Account!;
            accounts.Add(($"{account.Kind} {account.Name}", account));
        }

        return accounts;
    }
}
