using System.Net;
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

    private async Task<(string Action, string Object, string Outcome)> NewestAsync(string actor)
    {
        AuditRecord record = (await _server.LogAsync(actor, 1))[0].Record;
        return (record.Action, record.Object, record.Outcome);
    }
}
