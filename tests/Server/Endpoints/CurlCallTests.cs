using System.Net;
using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>The three calls that the README shows, as typed there.</summary>
public class CurlCallTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Event_is_accepted_with_the_ingest_token()
    {
        const string Event = """
            {"user_id": "user@example.com","action":"login",
              "timestamp":"2024-01-15T10:30:00Z","metadata":{"ip_address":"192.168.1.1","device":"mobile"}}
            """;
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/events", null, Event, _server.Mint("ingest", "curl-sender"));
        IngestReceiptDocument receipt = await response.ReadAsync<IngestReceiptDocument>(HttpStatusCode.Accepted);
        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
        Assert.Empty(receipt.Errors);
        // Whether this event's fields are new to the server that the tests share, and leave a catalog_change too, depends on the order of the tests.
        Opaline.Audit.AuditRecord record = Assert.Single(await _server.LogAsync("curl-sender"), e => e.Record.Action == "data_ingest").Record;
        Assert.Equal(("dataset/events", "ok"), (record.Object, record.Outcome));
        Assert.DoesNotContain("example.com", record.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metric_is_answered_with_the_analyst_token_and_again_for_nothing()
    {
        string token = _server.Mint("analyst", "curl-analyst");
        AnswerDocument answer = await AskAsync(token);
        Assert.NotEmpty(answer.Rows);
        Assert.True(answer.Cost.NanoRho > 0);
        Assert.Equal(["day"], answer.Plan.Keys.Select(k => k.Name));
        AnswerDocument again = await AskAsync(token);
        Assert.True(again.Replayed);
        Assert.Equal(0, again.Cost.NanoRho);
        Assert.Equal(answer.ReleaseId, again.ReleaseId);
        Assert.Equal(JsonSerializer.Serialize(answer.Rows, OpalineJson.Options), JsonSerializer.Serialize(again.Rows, OpalineJson.Options));
        Assert.Equal(2, (await _server.LogAsync("curl-analyst")).Count(e => e.Record is { Action: "data_access", Outcome: "ok" }));
    }

    [Fact]
    public async Task Log_is_searched_with_the_auditor_token()
    {
        using HttpResponseMessage response =
            await _server.GetAsync("/api/v1/audit?user_id=admin&action=data_access&limit=100", "auditor");
        AuditPageDocument page = await response.ReadAsync<AuditPageDocument>();
        Assert.All(page.Records, r => Assert.Equal(("admin", "data_access"), (r.Actor, r.Action)));
    }

    private async Task<AnswerDocument> AskAsync(string token)
    {
        using HttpResponseMessage response =
            await _server.SendAsync(HttpMethod.Get, "/api/v1/analytics/aggregate?metric=login_count&period=daily", null, token: token);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return await response.ReadAsync<AnswerDocument>();
    }
}
