using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Server.Auditing;
using Opaline.Server.Authorization;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Authorization;

/// <summary>Every endpoint that there is, with every role and with none.</summary>
public class RoleMatrixTests(SharedServer shared)
{
    private static readonly string[] Roles = ["admin", "analyst", "viewer", "auditor", "ingest"];

    /// <summary>Who may call what, written out: neither a changed permission nor a new endpoint goes unnoticed.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/events"] = ["admin", "ingest"],
        ["POST /api/v1/datasets/{dataset}/rows"] = ["admin", "ingest"],
        ["GET /api/v1/datasets"] = ["admin", "analyst", "viewer", "auditor"],
        ["POST /api/v1/datasets"] = ["admin"],
        ["GET /api/v1/datasets/{dataset}"] = ["admin", "analyst", "viewer", "auditor"],
        ["GET /api/v1/datasets/{dataset}/fields"] = ["admin", "analyst", "viewer", "auditor"],
        ["POST /api/v1/datasets/{dataset}/fields"] = ["admin"],
        ["PATCH /api/v1/datasets/{dataset}"] = ["admin"],
        ["PATCH /api/v1/datasets/{dataset}/fields/{field}"] = ["admin"],
        ["GET /api/v1/datasets/{dataset}/metrics"] = ["admin", "analyst", "viewer", "auditor"],
        ["PUT /api/v1/datasets/{dataset}/metrics/{metric}"] = ["admin"],
        ["GET /api/v1/analytics/aggregate"] = ["admin", "analyst", "viewer"],
        ["POST /api/v1/analytics/query"] = ["admin", "analyst"],
        ["POST /api/v1/analytics/batch"] = ["admin", "analyst"],
        ["GET /api/v1/analytics/live"] = ["admin", "analyst", "viewer"],
        ["GET /api/v1/budget"] = ["admin", "analyst", "auditor"],
        ["GET /api/v1/budget/events"] = ["admin", "analyst", "auditor"],
        ["GET /api/v1/audit"] = ["admin", "auditor"],
        ["POST /api/v1/subjects/lookup"] = ["admin"],
        ["GET /api/v1/subjects/{subject}"] = ["admin"],
        ["DELETE /api/v1/subjects/{subject}"] = ["admin"],
        ["GET /api/v1/subjects/{subject}/reveals"] = ["admin", "auditor"],
        ["POST /api/v1/subjects/{subject}/export"] = ["admin"],
        ["POST /api/v1/tokens/reveal"] = ["admin"],
        ["GET /api/v1/erasures/{erasure}"] = ["admin", "auditor"],
        ["GET /api/v1/erasures/key"] = ["admin", "auditor"],
        ["GET /api/v1/keys"] = ["admin"],
        ["POST /api/v1/keys/rotations"] = ["admin"],
        ["GET /api/v1/keys/rotations/{rotation}"] = ["admin"],
        ["POST /api/v1/keys/versions/{version}/disable"] = ["admin"],
        ["POST /api/v1/keys/versions/{version}/enable"] = ["admin"],
        ["POST /api/v1/keys/versions/{version}/destroy"] = ["admin"],
        ["POST /api/v1/keys/root/rotate"] = ["admin"],
        ["POST /api/v1/keys/root/rewrap"] = ["admin"],
    };

    private static readonly string[] ForAnybody =
    [
        "POST /connect/token",
        "POST /api/v1/init",
        "GET /health/live",
        "GET /health/ready",
        "GET /",
        "GET /openapi/{documentName}.json",
    ];

    /// <summary>For an Admin, from anywhere.</summary>
    private const string Metrics = "* /metrics";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public void Every_endpoint_says_who_may_call_it_and_how_it_is_recorded()
    {
        string[] expected = [.. Allowed.Keys, .. ForAnybody, Metrics];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Endpoints().Select(Name).Order(StringComparer.Ordinal));
        foreach (RouteEndpoint endpoint in Endpoints())
        {
            bool open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            Assert.True(open != endpoint.Metadata.GetMetadata<PermissionRequirement>() is not null, Name(endpoint));
            if (Allowed.ContainsKey(Name(endpoint)))
                Assert.NotNull(endpoint.Metadata.GetMetadata<AuditedCall>());
        }
    }

    [Fact]
    public async Task Each_role_may_do_what_it_is_for_and_nothing_else()
    {
        List<string> wrong = [];
        foreach ((string endpoint, string[] allowed) in Allowed)
        {
            foreach (string role in Roles)
            {
                using HttpResponseMessage response = await CallAsync(endpoint, role);
                bool refused = response.StatusCode == HttpStatusCode.Forbidden && (await response.Content.ReadAsStringAsync()).Contains("permission", StringComparison.Ordinal);
                if (refused == allowed.Contains(role) || response.StatusCode == HttpStatusCode.Unauthorized)
                    wrong.Add($"{endpoint} as {role}: {(int)response.StatusCode}");
                if (!refused)
                    continue;
                await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
                Opaline.Audit.AuditRecord record = (await _server.LogAsync("matrix-" + role, 1))[0].Record;
                Assert.Equal(("access_denied", "forbidden", role), (record.Action, record.Outcome, record.Role));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token()
    {
        foreach (string endpoint in Allowed.Keys)
        {
            using HttpResponseMessage response = await CallAsync(endpoint, role: null);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task Endpoint_that_says_nothing_is_closed_to_everybody()
    {
        await using RunningServer server = await RunningServer.StartAsync(map: app => app.MapGet("/forgotten", () => "open"));
        foreach (string? role in (string?[])[null, "admin"])
        {
            using HttpResponseMessage response = await server.GetAsync("/forgotten", role);
            await response.ProblemAsync(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Figures_of_the_process_are_for_an_admin_only_and_each_reading_is_recorded()
    {
        using HttpResponseMessage anonymous = await _server.GetAsync("/metrics", null);
        await anonymous.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (string role in Roles.Where(r => r != "admin"))
        {
            using HttpResponseMessage refused = await _server.SendAsync(HttpMethod.Get, "/metrics", null, token: _server.Mint(role, "figures-" + role));
            await refused.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            Assert.Equal("forbidden", Assert.Single(await _server.LogAsync("figures-" + role)).Record.Outcome);
        }

        for (int readings = 1; readings <= 2; readings++)
        {
            using HttpResponseMessage read = await _server.SendAsync(HttpMethod.Get, "/metrics", null, token: _server.Mint("admin", "figures-admin"));
            string figures = await read.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            Assert.Contains("dotnet_", figures, StringComparison.Ordinal);
            Assert.DoesNotContain("http_route", figures, StringComparison.Ordinal);
            IReadOnlyList<Opaline.Audit.AuditEntry> log = await _server.LogAsync("figures-admin");
            Assert.Equal(readings, log.Count);
            Assert.All(log, e => Assert.Equal(("metrics_read", "endpoint/metrics", "ok"), (e.Record.Action, e.Record.Object, e.Record.Outcome)));
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() => _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string Name(RouteEndpoint endpoint)
    {
        string method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Single() ?? "*";
        return $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}";
    }

    private Task<HttpResponseMessage> CallAsync(string endpoint, string? role)
    {
        string[] parts = endpoint.Split(' ');
        string path = parts[1].Replace("{dataset}", "events", StringComparison.Ordinal).Replace("{field}", "action", StringComparison.Ordinal)
            .Replace("{metric}", "m", StringComparison.Ordinal);
        HttpMethod method = new(parts[0]);
        StringContent? body = method == HttpMethod.Get ? null : new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        return _server.SendAsync(method, path, null, body, role is null ? null : _server.Mint(role, "matrix-" + role), HttpCompletionOption.ResponseHeadersRead);
    }
}
