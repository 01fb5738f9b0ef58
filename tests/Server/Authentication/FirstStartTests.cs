using System.Net;
using Opaline.Client.Contracts;
using Opaline.KeyManagement;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Authentication;

public class FirstStartTests
{
    [Fact]
    public async Task First_start_on_loopback_writes_one_client_per_role_for_the_owner_alone()
    {
        using TemporaryFolder folder = new();
        byte[] first;
        string token;
        await using (RunningServer server = await RunningServer.StartAsync(folder))
        {
            string path = Path.Combine(server.KeyFolder, "credentials.json");
            first = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(["admin", "analyst", "auditor", "ingest", "viewer"], server.Credentials().Select(c => c.Role).Order(StringComparer.Ordinal));
            Assert.All(server.Credentials(), c => Assert.True(c.ClientSecret.Length >= 43));
            Assert.Equal(5, server.Credentials().Select(c => c.ClientSecret).Distinct().Count());
            if (!OperatingSystem.IsWindows())
            {
                foreach (string file in Directory.EnumerateFiles(server.KeyFolder))
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(server.KeyFolder));
            }

            token = (await server.TokenAsync("admin"))!;
            // On loopback there is nothing to initialize.
            using HttpResponseMessage init = await server.PostJsonAsync("/api/v1/init", null, """{"code":""}""");
            await init.ProblemAsync(HttpStatusCode.Conflict, "already_initialized");
        }

        await using RunningServer again = await RunningServer.StartAsync(folder);
        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(again.KeyFolder, "credentials.json"), TestContext.Current.CancellationToken));
        using HttpResponseMessage response = await again.SendAsync(HttpMethod.Get, "/api/v1/datasets", null, token: token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Secrets_stand_nowhere_in_the_data()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        byte[][] secrets = [.. server.Credentials().Select(c => System.Text.Encoding.UTF8.GetBytes(c.ClientSecret))];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(server.Folder.Path, "data"), "*", SearchOption.AllDirectories))
        {
            // Held by the server, and empty.
            if (Path.GetFileName(file) == "lock")
                continue;
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            Assert.All(secrets, secret => Assert.Equal(-1, content.AsSpan().IndexOf(secret)));
        }
    }

    [Fact]
    public async Task Start_beyond_loopback_without_a_passphrase_is_refused()
    {
        using TemporaryFolder folder = new();
        KeyUnavailableException refusal = await Assert.ThrowsAsync<KeyUnavailableException>(() => RunningServer.StartAsync(folder, url: "http://0.0.0.0:0"));
        Assert.Contains("OPALINE_KEY_PASSPHRASE_FILE", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "keys", "credentials.json")));
    }

    [Fact]
    public async Task Start_beyond_loopback_gives_credentials_once_to_whoever_shows_the_code()
    {
        using TemporaryFolder folder = new();
        string passphrase = Path.Combine(folder.Path, "passphrase");
        await File.WriteAllTextAsync(passphrase, "correct horse battery staple", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Every address of the machine counts as reachable, though this test only asks on loopback.
        await using RunningServer server = await RunningServer.StartAsync(
            folder, [$"--Opaline:Keys:PassphraseFile={passphrase}"], url: "http://[::]:0");
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{server.Address.Port}") };
        Assert.False(File.Exists(Path.Combine(server.KeyFolder, "credentials.json")));
        string code = await File.ReadAllTextAsync(Path.Combine(server.KeyFolder, "init.code"), TestContext.Current.CancellationToken);

        using HttpResponseMessage wrong = await http.PostAsync("/api/v1/init", Json("guess"), TestContext.Current.CancellationToken);
        await wrong.ProblemAsync(HttpStatusCode.Forbidden, "wrong_init_code");
        using HttpResponseMessage right = await http.PostAsync("/api/v1/init", Json(code), TestContext.Current.CancellationToken);
        IReadOnlyList<CredentialDocument> credentials = await right.ReadAsync<IReadOnlyList<CredentialDocument>>();
        Assert.Equal(5, credentials.Count);
        Assert.True(right.Headers.CacheControl!.NoStore);
        using HttpResponseMessage twice = await http.PostAsync("/api/v1/init", Json(code), TestContext.Current.CancellationToken);
        await twice.ProblemAsync(HttpStatusCode.Conflict, "already_initialized");

        CredentialDocument admin = credentials.Single(c => c.Role == "admin");
        using HttpResponseMessage token = await http.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", admin.ClientId), new("client_secret", admin.ClientSecret)]),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        Assert.Equal(
            ["already_initialized", "wrong_init_code"],
            (await server.LogAsync("anonymous")).Where(e => e.Record.Action == "system").Select(e => e.Record.Outcome));
        Assert.Empty(Directory.EnumerateFiles(server.KeyFolder, "init.code"));
    }

    private static StringContent Json(string code) =>
        new(System.Text.Json.JsonSerializer.Serialize(new InitRequestDocument(code), OpalineJson.Options), System.Text.Encoding.UTF8, "application/json");
}
