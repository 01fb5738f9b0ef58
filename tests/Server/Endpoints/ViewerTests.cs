using System.Net;
using System.Text;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

/// <summary>A Viewer reads what was released of listed metrics, and spends nothing.</summary>
public class ViewerTests(SharedServer shared)
{
    private const string Listed = "/api/v1/analytics/aggregate?metric=viewers_logins&period=daily&from=2024-01-01&to=2024-01-08";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Released_answer_of_a_listed_metric_is_shown_with_the_same_numbers()
    {
        await DeclareAsync("viewers_logins", listed: true);
        using HttpResponseMessage early = await _server.SendAsync(HttpMethod.Get, Listed, null, token: _server.Mint("viewer", "patient-viewer"));
        await early.ProblemAsync(HttpStatusCode.NotFound, "no_release");

        using HttpResponseMessage asked = await _server.GetAsync(Listed, "analyst");
        AnswerDocument released = await asked.ReadAsync<AnswerDocument>();
        using HttpResponseMessage seen = await _server.SendAsync(HttpMethod.Get, Listed, null, token: _server.Mint("viewer", "patient-viewer"));
        AnswerDocument shown = await seen.ReadAsync<AnswerDocument>();
        Assert.Equal(released.ReleaseId, shown.ReleaseId);
        Assert.Equivalent(released.Rows, shown.Rows);
        Assert.Equal(0, shown.Cost.NanoRho);
        Assert.Equal(["ok", "no_release"], (await _server.LogAsync("patient-viewer")).Select(e => e.Record.Outcome));

        using HttpResponseMessage fresh = await _server.GetAsync(Listed + "&fresh=true", "viewer");
        await fresh.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("unlisted")]
    [InlineData("login_count")]
    public async Task Metric_that_is_not_listed_is_not_shown(string metric)
    {
        await DeclareAsync("unlisted", listed: false);
        using HttpResponseMessage response = await _server.GetAsync("/api/v1/analytics/aggregate?metric=" + metric, "viewer");
        await response.ProblemAsync(HttpStatusCode.Forbidden, "not_listed");
    }

    [Fact]
    public async Task Breakdown_that_a_listed_metric_does_not_declare_is_not_shown()
    {
        const string range = "&from=2024-01-01&to=2024-01-08&period=daily&group_by=action";
        await DeclareAsync("viewers_total", listed: true);
        await DeclareAsync("viewers_by_action", listed: true, """, "group_by":[{"field":"action"}]""");
        // Somebody has paid for it, so that there is something to be kept from a Viewer.
        using HttpResponseMessage asked = await _server.GetAsync("/api/v1/analytics/aggregate?metric=viewers_total" + range, "analyst");
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        using HttpResponseMessage refused = await _server.GetAsync("/api/v1/analytics/aggregate?metric=viewers_total" + range, "viewer");
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "not_listed");
        using HttpResponseMessage declared = await _server.GetAsync("/api/v1/analytics/aggregate?metric=viewers_by_action" + range, "viewer");
        Assert.Equal(HttpStatusCode.OK, declared.StatusCode);
    }

    private async Task DeclareAsync(string name, bool listed, string more = "")
    {
        string body = $$"""
            {"name":"{{name}}","listed_for_viewers":{{(listed ? "true" : "false")}},
             "query":{"dataset":"events","measures":[{"function":"distinct_subjects"}],"where":[{"field":"action","op":"eq","value":"login"}]{{more}}} }
            """;
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Put, "/api/v1/datasets/events/metrics/" + name, "admin", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
