using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Endpoints;

public class KeyTests(SharedServer shared)
{
    [Fact]
    public async Task Keys_are_rotated_by_an_admin_and_a_revoked_version_opens_no_token()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage sent = await server.PostJsonAsync(
            "/api/v1/events", "ingest", """{"user_id":"rotate-me@example.com","timestamp":"2026-11-20T10:00:00Z","action":"login"}""");
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        string old = await LookUpAsync(server);

        using HttpResponseMessage asked = await server.SendAsync(HttpMethod.Post, "/api/v1/keys/rotations", "admin");
        KeyRotationDocument rotation = await asked.ReadAsync<KeyRotationDocument>(HttpStatusCode.Accepted);
        Assert.Equal($"/api/v1/keys/rotations/{rotation.Id}", asked.Headers.Location!.OriginalString);
        for (int i = 0; rotation.Phase != "done" && i < 600; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rotation = await ReadAsync<KeyRotationDocument>(server, $"/api/v1/keys/rotations/{rotation.Id}");
        }

        Assert.Equal(("done", 1, 2, 1L, 0L), (rotation.Phase, rotation.FromVersion, rotation.ToVersion, rotation.Pages, rotation.DamagedPages + rotation.DamagedKeys + rotation.DamagedValues));
        Assert.True(rotation.Values >= 1);
        Assert.Equal(["decode_only", "primary"], (await ReadAsync<KeysDocument>(server, "/api/v1/keys")).Versions.Select(v => v.State));
        string fresh = await LookUpAsync(server);
        Assert.Equal(["rotate-me@example.com", "rotate-me@example.com"], await RevealAsync(server, old, fresh));

        using HttpResponseMessage inUse = await server.SendAsync(HttpMethod.Post, "/api/v1/keys/versions/2/disable", "admin");
        await inUse.ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        using HttpResponseMessage disabled = await server.SendAsync(HttpMethod.Post, "/api/v1/keys/versions/1/disable", "admin");
        Assert.Equal("disabled", (await disabled.ReadAsync<KeysDocument>()).Versions[0].State);
        Assert.Equal([null, "rotate-me@example.com"], await RevealAsync(server, old, fresh));
        using HttpResponseMessage destroyed = await server.SendAsync(HttpMethod.Post, "/api/v1/keys/versions/1/destroy", "admin");
        Assert.Equal("destroyed", (await destroyed.ReadAsync<KeysDocument>()).Versions[0].State);
        Assert.Equal(
            ["key_change", "key_change", "key_change", "key_rotation", "key_rotation"],
            (await server.LogAsync()).Select(e => e.Record.Action).Where(a => a is "key_change" or "key_rotation").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("rewrap")]
    public async Task Root_key_is_renewed_by_an_admin_and_nothing_that_is_stored_needs_the_older_version(string verb)
    {
        using TemporaryFolder folder = new();
        string token;
        await using (RunningServer server = await RunningServer.StartAsync(folder))
        {
            using HttpResponseMessage sent = await server.PostJsonAsync(
                "/api/v1/events", "ingest", """{"user_id":"rotate-me@example.com","timestamp":"2026-11-20T10:00:00Z","action":"login"}""");
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            token = await LookUpAsync(server);
            IRootKey root = server.Services.GetRequiredService<IRootKey>();
            if (verb == "rewrap")
                await root.RotateAsync(TestContext.Current.CancellationToken);

            using HttpResponseMessage response = await server.SendAsync(HttpMethod.Post, $"/api/v1/keys/root/{verb}", "admin");

            Assert.Equal(new RootKeyDocument("2", AllRewrapped: true), await response.ReadAsync<RootKeyDocument>());
            Assert.Contains(await server.LogAsync(), e => e.Record is { Action: "key_change", Object: "key/root", Outcome: "ok" });
            foreach (string file in (string[])["signing.key", "receipt.key"])
            {
                byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(server.KeyFolder, file), TestContext.Current.CancellationToken);
                Assert.Equal("2", WrappedKey.Parse(bytes).Version);
            }

            await root.ScheduleDestroyAsync("1", TestContext.Current.CancellationToken);
        }

        await using RunningServer again = await RunningServer.StartAsync(folder);
        Assert.Equal(["rotate-me@example.com"], await RevealAsync(again, token));
    }

    [Theory]
    [InlineData("analyst")]
    [InlineData("viewer")]
    [InlineData("auditor")]
    [InlineData("ingest")]
    public async Task Nobody_but_an_admin_comes_near_the_keys(string role)
    {
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])
            [(HttpMethod.Get, ""), (HttpMethod.Post, "/rotations"), (HttpMethod.Get, "/rotations/1"), (HttpMethod.Post, "/versions/1/disable"), (HttpMethod.Post, "/versions/1/destroy"), (HttpMethod.Post, "/root/rotate"), (HttpMethod.Post, "/root/rewrap")])
        {
            using HttpResponseMessage response = await shared.Server.SendAsync(method, "/api/v1/keys" + path, role);
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    private static async Task<string> LookUpAsync(RunningServer server)
    {
        using HttpResponseMessage response = await server.PostJsonAsync("/api/v1/subjects/lookup", "admin", """{"identifier":"rotate-me@example.com"}""");
        return (await response.ReadAsync<LookupDocument>()).SubjectId!;
    }

    private static async Task<IEnumerable<string?>> RevealAsync(RunningServer server, params string[] tokens)
    {
        using HttpResponseMessage response = await server.PostJsonAsync(
            "/api/v1/tokens/reveal", "admin", JsonSerializer.Serialize(new { tokens, reason = "Support ticket OPS-1234" }));
        return (await response.ReadAsync<RevealDocument>()).Values.Select(v => v.Value);
    }

    private static async Task<T> ReadAsync<T>(RunningServer server, string path)
    {
        using HttpResponseMessage response = await server.GetAsync(path, "admin");
        return await response.ReadAsync<T>();
    }
}
