using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Audit;
using Opaline.Server.Tests.Running;
using Opaline.Storage;

namespace Opaline.Server.Tests.Auditing;

public class CallRecordTests(SharedServer shared)
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Reading_the_log_is_itself_in_the_log()
    {
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Get, "/api/v1/audit?limit=1", null, token: _server.Mint("auditor", "reader"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("audit_read", "endpoint/api/v1/audit", "ok"), await NewestAsync("reader"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/datasets/nowhere", "catalog_read", "dataset/nowhere", "unknown_dataset")]
    [InlineData("GET", "/api/v1/datasets/No%20Where;DROP", "catalog_read", "endpoint/api/v1/datasets/{dataset}", "unknown_dataset")]
    [InlineData("GET", "/api/v1/datasets?misspelt=1", "catalog_read", "endpoint/api/v1/datasets", "unknown_parameter")]
    [InlineData("POST", "/api/v1/datasets", "catalog_change", "endpoint/api/v1/datasets", "bad_json")]
    [InlineData("GET", "/api/v1/nothing-here", "access_denied", "endpoint", "not_found")]
    [InlineData("DELETE", "/api/v1/audit", "access_denied", "endpoint", "method_not_allowed")]
    public async Task Refusal_of_a_known_caller_is_recorded(string method, string path, string action, string acted, string outcome)
    {
        using StringContent content = new("{", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _server.SendAsync(
            new HttpMethod(method), path, null, method == "POST" ? content : null, _server.Mint("admin", "refused"));
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal((action, acted, outcome), await NewestAsync("refused"));
    }

    [Fact]
    public async Task Change_and_its_record_are_one()
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets", null, Declarations.Dataset("recorded"), _server.Mint("admin", "changer"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(("catalog_change", "dataset/recorded", "ok"), await NewestAsync("changer"));
    }

    [Fact]
    public async Task Records_of_a_changed_catalog_say_what_changed()
    {
        string token = _server.Mint("admin", "detailed");
        using HttpResponseMessage created = await _server.PostJsonAsync("/api/v1/datasets", null, Declarations.Dataset("detailed"), token);
        JsonElement declared = await DetailAsync("detailed");
        Assert.Equal(("detailed", 5), (declared.GetProperty("dataset").GetString(), declared.GetProperty("field_count").GetInt32()));

        using HttpResponseMessage added = await _server.PostJsonAsync("/api/v1/datasets/detailed/fields", null, """[{"name":"city"}]""", token);
        Assert.Equal("city", (await DetailAsync("detailed")).GetProperty("fields")[0].GetProperty("field").GetString());

        using HttpResponseMessage changed = await _server.SendAsync(
            HttpMethod.Patch, "/api/v1/datasets/detailed/fields/shop", null, Json("""{"treatment":"redact","state":"rejected","domain":[],"discard_stored":true}"""), token);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        JsonElement change = await DetailAsync("detailed");
        Assert.Equal("shop", change.GetProperty("field").GetString());
        Assert.Equal(("keep", "confirmed", "string"), Rules(change.GetProperty("old")));
        Assert.Equal(("redact", "rejected", "string"), Rules(change.GetProperty("new")));
        Assert.True(change.GetProperty("discarded_stored").GetBoolean());

        using HttpResponseMessage metric = await _server.SendAsync(
            HttpMethod.Put,
            "/api/v1/datasets/detailed/metrics/buyers",
            null,
            Json("""{"name":"buyers","query":{"dataset":"detailed","measures":[{"function":"distinct_subjects"}]}}"""),
            token);
        Assert.Equal(HttpStatusCode.OK, metric.StatusCode);
        Assert.Equal("buyers", (await DetailAsync("detailed")).GetProperty("metric").GetString());
        Assert.Equal(4, (await _server.LogAsync("detailed")).Count);
    }

    [Fact]
    public async Task Lookup_is_recorded_with_its_dataset_and_the_opaque_id_alone()
    {
        const string Event = """{"user_id":"told-about@example.com","action":"seen","timestamp":"2024-01-15T10:30:00Z"}""";
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/events", "ingest", Event);
        using HttpResponseMessage response = await _server.PostJsonAsync(
            "/api/v1/subjects/lookup", null, """{"identifier":"told-about@example.com"}""", _server.Mint("admin", "looker"));
        string? id = (await response.ReadAsync<Opaline.Client.Contracts.LookupDocument>()).SubjectId;
        Assert.NotNull(id);
        AuditRecord record = Assert.Single(await _server.LogAsync("looker")).Record;
        Assert.Equal(("subject_lookup", "dataset/events", "ok"), (record.Action, record.Object, record.Outcome));
        Assert.Equal(("events", id), (Property(record, "dataset"), Property(record, "subject_id")));
        Assert.DoesNotContain("told-about", record.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_of_budgets_is_one_record()
    {
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Get, "/api/v1/budget", null, token: _server.Mint("analyst", "thrifty"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("budget_read", Assert.Single(await _server.LogAsync("thrifty")).Record.Action);
    }

    [Fact]
    public async Task Nothing_leaves_that_could_not_be_recorded()
    {
        Switch writes = new();
        await using RunningServer server = await RunningServer.StartAsync(customize: builder =>
        {
            ServiceDescriptor real = builder.Services.Last(s => s.ServiceType == typeof(IControlStore));
            builder.Services.Remove(real);
            builder.Services.AddSingleton<IControlStore>(services => new UnwritableStore((IControlStore)real.ImplementationFactory!(services), writes));
        });
        string token = (await server.TokenAsync("admin"))!;
        writes.Broken = true;
        foreach (string path in (string[])["/api/v1/datasets", "/api/v1/datasets/events", "/api/v1/audit", "/api/v1/datasets/nowhere"])
        {
            using HttpResponseMessage response = await server.SendAsync(HttpMethod.Get, path, null, token: token);
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        }

        Opaline.Client.Contracts.CredentialDocument viewer = server.Credentials().Single(c => c.Role == "viewer");
        using HttpResponseMessage login = await server.RequestTokenAsync(viewer.ClientId, viewer.ClientSecret);
        await login.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_unavailable");

        using HttpResponseMessage ready = await server.GetAsync("/health/ready", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using HttpResponseMessage live = await server.GetAsync("/health/live", null);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        writes.Broken = false;
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static (string?, string?, string?) Rules(JsonElement rules) =>
        (rules.GetProperty("treatment").GetString(), rules.GetProperty("state").GetString(), rules.GetProperty("type").GetString());

    private static string? Property(AuditRecord record, string name) => JsonElement.Parse(record.Detail!).GetProperty(name).GetString();

    private async Task<JsonElement> DetailAsync(string actor) => JsonElement.Parse((await _server.LogAsync(actor, 1))[0].Record.Detail!);

    private async Task<(string Action, string Object, string Outcome)> NewestAsync(string actor)
    {
        AuditRecord record = (await _server.LogAsync(actor, 1))[0].Record;
        return (record.Action, record.Object, record.Outcome);
    }
}
