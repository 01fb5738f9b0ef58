using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Server.Problems;
using Opaline.Server.Tests.Auditing;
using Opaline.Server.Tests.Running;
using Opaline.Storage;

namespace Opaline.Server.Tests.Endpoints;

public class SubjectRightsTests(SharedServer shared)
{
    private const string Reason = "Support ticket OPS-1234";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task Token_is_opened_for_an_admin_with_a_reason_and_the_answer_is_not_stored_on_the_way()
    {
        string id = await SendAsync("reveal-me@example.com", "Reveal.Me@mail.example");
        SubjectDocument subject = await ReadAsync<SubjectDocument>($"/api/v1/subjects/{id}");
        Assert.Equal([null, "metadata.email"], subject.Tokens.Select(t => t.Field));
        string[] tokens = [.. subject.Tokens.Select(t => t.Token), "em1_" + new string('0', 26)];
        string actor = "revealing-admin";
        using HttpResponseMessage response = await _server.PostJsonAsync(
            "/api/v1/tokens/reveal", null, JsonSerializer.Serialize(new { tokens, reason = Reason }), _server.Mint("admin", actor));
        RevealDocument opened = await response.ReadAsync<RevealDocument>();
        Assert.Equal(["reveal-me@example.com", "Reveal.Me@mail.example", null], opened.Values.Select(v => v.Value));
        Assert.Equal([null, "metadata.email", null], opened.Values.Select(v => v.Field));
        Assert.True(response.Headers.CacheControl!.NoStore);
        IReadOnlyList<Opaline.Audit.AuditEntry> log = await _server.LogAsync(actor);
        Assert.Equal(3, log.Count);
        Assert.Equal(["unknown_token", "ok", "ok"], log.Select(e => e.Record.Outcome));
        Assert.DoesNotContain(log, e => e.Record.ToString().Contains("Reveal.Me", StringComparison.OrdinalIgnoreCase));

        SubjectRevealsDocument seen = await ReadAsync<SubjectRevealsDocument>($"/api/v1/subjects/{id}/reveals");
        Assert.Equal([("metadata.email", actor, Reason), (null, actor, Reason)], seen.Reveals.Select(r => (r.Field, r.Actor, r.Reason)));
        Assert.Equal(log.Where(e => e.Record.Outcome == "ok").Select(e => e.Sequence), seen.Reveals.Select(r => r.Seq));
    }

    [Theory]
    [InlineData("""{"tokens":["x"],"reason":"Support ticket OPS-1234"}""", 422, "invalid_token")]
    [InlineData("""{"token":"sub1_00000000000000000000000000","reason":"short"}""", 422, "invalid_reason")]
    [InlineData("""{"token":"sub1_00000000000000000000000000","reason":"asked by ann@example.com herself"}""", 422, "invalid_reason")]
    [InlineData("""{"token":"sub1_00000000000000000000000000"}""", 400, "bad_json")]
    [InlineData("""{"token":"sub1_00000000000000000000000000","tokens":[],"reason":"Support ticket OPS-1234"}""", 422, "invalid_batch")]
    [InlineData("""{"tokens":[],"reason":"Support ticket OPS-1234"}""", 422, "invalid_batch")]
    [InlineData("""{"reason":"Support ticket OPS-1234"}""", 422, "invalid_batch")]
    [InlineData("""{"tokens":[null],"reason":"Support ticket OPS-1234"}""", 422, "invalid_token")]
    public async Task Request_that_is_none_is_refused(string body, int status, string code)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/tokens/reveal", "admin", body);
        await response.ProblemAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Nobody_is_found_by_an_id_of_nobody()
    {
        string nobody = "sub1_" + new string('0', 26);
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])
            [(HttpMethod.Get, ""), (HttpMethod.Get, "/reveals"), (HttpMethod.Post, "/export"), (HttpMethod.Delete, "")])
        {
            foreach (string id in (string[])[nobody, "ann@example.com"])
            {
                using StringContent? body = method == HttpMethod.Post ? new StringContent($$"""{"reason":"{{Reason}}"}""", System.Text.Encoding.UTF8, "application/json") : null;
                using HttpResponseMessage response = await _server.SendAsync(method, $"/api/v1/subjects/{Uri.EscapeDataString(id)}{path}", "admin", body);
                await response.ProblemAsync(HttpStatusCode.NotFound, "unknown_subject");
            }
        }

        using HttpResponseMessage erasure = await _server.GetAsync("/api/v1/erasures/none", "auditor");
        await erasure.ProblemAsync(HttpStatusCode.NotFound, "unknown_erasure");
    }

    [Fact]
    public async Task Person_is_erased_at_the_next_tick_and_the_receipt_verifies_offline()
    {
        string id = await SendAsync("erase-me@example.com", "erase.me@mail.example");
        using HttpResponseMessage asked = await _server.SendAsync(HttpMethod.Delete, $"/api/v1/subjects/{id}", "admin");
        ErasureDocument erasure = await asked.ReadAsync<ErasureDocument>(HttpStatusCode.Accepted);
        Assert.Equal(("requested", id, null), (erasure.State, erasure.SubjectId, erasure.Receipt));
        Assert.Equal($"/api/v1/erasures/{erasure.Id}", asked.Headers.Location!.OriginalString);
        erasure = await DoneAsync(_server, erasure);
        ReceiptKeyDocument key = await ReadAsync<ReceiptKeyDocument>("/api/v1/erasures/key", "auditor");
        ErasureReceiptDocument receipt = ErasureReceipt.Verify(erasure.Receipt!, key.Pem);
        Assert.Equal((erasure.Id, id, erasure.AsOf, erasure.ErasedAt), (receipt.Id, receipt.SubjectId, receipt.AsOf, receipt.ErasedAt));
        Assert.Equal("delete", receipt.Datasets["events"]);
        using HttpResponseMessage gone = await _server.GetAsync($"/api/v1/subjects/{id}", "admin");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "unknown_subject");
        Assert.Null(await LookUpAsync("erase-me@example.com"));
        string again = await SendAsync("erase-me@example.com", "erase.me@mail.example");
        Assert.NotEqual(id, again);
        Assert.Contains(await _server.LogAsync("system"), e => e.Record is { Action: "subject_erasure" } record && record.Object == "subject/" + id);
    }

    [Fact]
    public async Task Export_gives_everything_as_json_and_as_csv()
    {
        string id = await SendAsync("export-me@example.com", "Export.Me@mail.example");
        await TicksAsync();
        using HttpResponseMessage json = await _server.PostJsonAsync($"/api/v1/subjects/{id}/export", "admin", $$"""{"reason":"{{Reason}}"}""");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (json.StatusCode, json.Content.Headers.ContentType!.MediaType));
        Assert.True(json.Headers.CacheControl!.NoStore);
        using JsonDocument document = JsonDocument.Parse(await json.Content.ReadAsStringAsync());
        Assert.Equal("export-me@example.com", document.RootElement.GetProperty("identifier").GetString());
        using HttpResponseMessage csv = await _server.PostJsonAsync($"/api/v1/subjects/{id}/export", "admin", $$"""{"reason":"{{Reason}}","format":"csv"}""");
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Contains("metadata.email,Export.Me@mail.example", await csv.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage other = await _server.PostJsonAsync($"/api/v1/subjects/{id}/export", "admin", $$"""{"reason":"{{Reason}}","format":"xml"}""");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        using HttpResponseMessage silent = await _server.PostJsonAsync($"/api/v1/subjects/{id}/export", "admin", "{}");
        await silent.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Quota_is_kept_over_calls_and_callers_are_told()
    {
        await using RunningServer server = await RunningServer.StartAsync(arguments: ["--Opaline:Subjects:RevealsPerHour=3"]);
        string body = $$"""{"tokens":["sub1_00000000000000000000000000","sub1_00000000000000000000000001"],"reason":"{{Reason}}"}""";
        using HttpResponseMessage first = await server.PostJsonAsync("/api/v1/tokens/reveal", "admin", body);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using HttpResponseMessage second = await server.PostJsonAsync("/api/v1/tokens/reveal", "admin", body);
        ProblemDocument problem = await second.ProblemAsync(HttpStatusCode.TooManyRequests, "reveal_quota_exhausted");
        Assert.Contains("1 of the 3", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_value_leaves_whose_record_cannot_be_written()
    {
        Switch writes = new();
        await using RunningServer server = await RunningServer.StartAsync(customize: builder =>
        {
            ServiceDescriptor real = builder.Services.Single(s => s.ServiceType == typeof(IControlStore));
            builder.Services.Remove(real);
            builder.Services.AddSingleton<IControlStore>(provider => new UnwritableStore((IControlStore)real.ImplementationFactory!(provider), writes));
        });
        using HttpResponseMessage sent = await server.PostJsonAsync("/api/v1/events", "ingest", Event("hidden@example.com", "Hidden.Me@mail.example"));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        using HttpResponseMessage looked = await server.PostJsonAsync("/api/v1/subjects/lookup", "admin", """{"identifier":"hidden@example.com"}""");
        string id = (await looked.ReadAsync<LookupDocument>()).SubjectId!;
        writes.Broken = true;
        foreach ((string path, string body) in ((string, string)[])
            [("/api/v1/tokens/reveal", $$"""{"token":"{{id}}","reason":"{{Reason}}"}"""), ($"/api/v1/subjects/{id}/export", $$"""{"reason":"{{Reason}}"}""")])
        {
            using HttpResponseMessage response = await server.PostJsonAsync(path, "admin", body);
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
            Assert.DoesNotContain("hidden", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Export_that_cannot_be_finished_ends_with_a_broken_connection_and_never_as_a_whole_answer()
    {
        Switch broken = new();
        await using RunningServer server = await RunningServer.StartAsync(customize: builder =>
        {
            ServiceDescriptor real = builder.Services.Last(s => s.ServiceType == typeof(IEventStore));
            builder.Services.Remove(real);
            builder.Services.AddSingleton<IEventStore>(provider => new UnreadableStore((IEventStore)real.ImplementationFactory!(provider), broken));
        });
        string rows = $"[{string.Join(',', Enumerable.Repeat(Event("half@example.com", "Half.Me@mail.example"), 1_500))}]";
        using HttpResponseMessage sent = await server.PostJsonAsync("/api/v1/events", "ingest", rows);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        using HttpResponseMessage looked = await server.PostJsonAsync("/api/v1/subjects/lookup", "admin", """{"identifier":"half@example.com"}""");
        string id = (await looked.ReadAsync<LookupDocument>()).SubjectId!;
        await TicksAsync();
        broken.Broken = true;
        foreach (string format in (string[])["json", "csv"])
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
            {
                using HttpResponseMessage half = await server.PostJsonAsync($"/api/v1/subjects/{id}/export", "admin", $$"""{"reason":"{{Reason}}","format":"{{format}}"}""");
                await half.Content.ReadAsByteArrayAsync();
            });
        }
    }

    [Fact]
    public void Key_that_cannot_be_had_is_a_503_and_an_export_of_somebody_erased_a_404()
    {
        Problem keys = ExceptionProblems.For(new KeyUnavailableException(KeyFailure.Unreachable, "secret words"), 0);
        Assert.Equal((503, "keys_unavailable"), (keys.Status, keys.Code));
        Assert.DoesNotContain("secret", keys.Detail, StringComparison.Ordinal);
        Problem erased = ExceptionProblems.For(new Governance.SubjectErasedException(), 0);
        Assert.Equal((404, "unknown_subject"), (erased.Status, erased.Code));
    }

    [Fact]
    public async Task Client_serves_a_person_from_lookup_to_receipt()
    {
        CredentialDocument credential = _server.Credentials().Single(c => c.Role == "admin");
        using HttpClient http = new() { BaseAddress = _server.Address };
        using OpalineClient client = new(http, new OpalineCredentials(credential.ClientId, credential.ClientSecret));
        await SendAsync("client-me@example.com", "client.me@mail.example");
        string id = (await client.LookUpSubjectAsync(new LookupRequestDocument("client-me@example.com"))).SubjectId!;
        SubjectDocument subject = (await client.FindSubjectAsync(id))!;
        RevealDocument opened = await client.RevealAsync(new RevealRequestDocument { Token = subject.Tokens[1].Token, Reason = Reason });
        Assert.Equal("client.me@mail.example", Assert.Single(opened.Values).Value);
        Assert.Single((await client.GetRevealsAsync(id)).Reveals);
        using MemoryStream export = new();
        await client.ExportSubjectAsync(id, new ExportRequestDocument { Reason = Reason }, export);
        Assert.Contains("client-me@example.com", System.Text.Encoding.UTF8.GetString(export.ToArray()), StringComparison.Ordinal);
        ErasureDocument erasure = await client.EraseSubjectAsync(id);
        for (int i = 0; erasure.Receipt is null && i < 300; i++)
        {
            await Task.Delay(100);
            erasure = (await client.FindErasureAsync(erasure.Id))!;
        }

        Assert.Equal(erasure.Id, ErasureReceipt.Verify(erasure.Receipt!, (await client.GetReceiptKeyAsync()).Pem).Id);
        Assert.Null(await client.FindSubjectAsync(id));
        Assert.Null(await client.FindErasureAsync("none"));
    }

    internal static async Task<ErasureDocument> DoneAsync(RunningServer server, ErasureDocument erasure)
    {
        for (int i = 0; i < 300 && erasure.State != "erased"; i++)
        {
            await Task.Delay(100);
            using HttpResponseMessage response = await server.GetAsync($"/api/v1/erasures/{erasure.Id}", "auditor");
            erasure = await response.ReadAsync<ErasureDocument>();
        }

        Assert.Equal("erased", erasure.State);
        return erasure;
    }

    // Two ticks of the shared server.
    private static Task TicksAsync() => Task.Delay(TimeSpan.FromSeconds(2.5));

    private static string Event(string user, string email) =>
        $$$"""{"user_id":"{{{user}}}","action":"seen","timestamp":"2024-01-15T10:30:00Z","metadata":{"email":"{{{email}}}"}}""";

    private async Task<string> SendAsync(string user, string email)
    {
        using HttpResponseMessage sent = await _server.PostJsonAsync("/api/v1/events", "ingest", Event(user, email));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        return (await LookUpAsync(user))!;
    }

    private async Task<string?> LookUpAsync(string user)
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/subjects/lookup", "admin", $$"""{"identifier":"{{user}}"}""");
        return (await response.ReadAsync<LookupDocument>()).SubjectId;
    }

    private async Task<T> ReadAsync<T>(string path, string role = "admin")
    {
        using HttpResponseMessage response = await _server.GetAsync(path, role);
        return await response.ReadAsync<T>();
    }
}
