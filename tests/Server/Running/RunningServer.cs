using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opaline.Client.Contracts;

namespace Opaline.Server.Tests.Running;

/// <summary>A whole server in this process, on a loopback port of its own, over a folder of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _tokenLock = new(1, 1);
    private readonly bool _ownsFolder;

    private RunningServer(WebApplication app, TemporaryFolder folder, bool ownsFolder)
    {
        App = app;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public TemporaryFolder Folder { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string KeyFolder => Path.Combine(Folder.Path, "keys");

    public IServiceProvider Services => App.Services;

    public static async Task<RunningServer> StartAsync(
        TemporaryFolder? folder = null, IEnumerable<string>? arguments = null, Action<WebApplicationBuilder>? customize = null, Action<WebApplication>? map = null, string url = "http://127.0.0.1:0")
    {
        TemporaryFolder own = folder ?? new TemporaryFolder();
        WebApplication app = await OpalineServer.OpenAsync(
            [
                $"--Opaline:Storage:DataFolder={Path.Combine(own.Path, "data")}",
                $"--Opaline:Keys:Folder={Path.Combine(own.Path, "keys")}",
                "--Opaline:Storage:TickSeconds=1",
                $"--urls={url}",
                .. arguments ?? [],
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                customize?.Invoke(builder);
            });
        map?.Invoke(app);
        await app.StartAsync();
        return new RunningServer(app, own, folder is null);
    }

    public IReadOnlyList<CredentialDocument> Credentials() => JsonSerializer.Deserialize<IReadOnlyList<CredentialDocument>>(
        File.ReadAllBytes(Path.Combine(KeyFolder, "credentials.json")), OpalineJson.Options)!;

    /// <summary>A token of the first client of that role; null for none.</summary>
    public async Task<string?> TokenAsync(string? role)
    {
        if (role is null)
            return null;
        await _tokenLock.WaitAsync();
        try
        {
            if (!_tokens.TryGetValue(role, out string? token))
            {
                CredentialDocument credential = Credentials().Single(c => c.Role == role);
                using HttpResponseMessage response = await RequestTokenAsync(credential.ClientId, credential.ClientSecret);
                response.EnsureSuccessStatusCode();
                _tokens[role] = token = (await response.Content.ReadFromJsonAsync<TokenDocument>(OpalineJson.Options))!.AccessToken;
            }

            return token;
        }
        finally
        {
            _tokenLock.Release();
        }
    }

    /// <summary>A token of that role for an actor whom no other test uses, so that what the log says of it is this test's doing.</summary>
    public string Mint(string role, string actor) => Authentication.ForgedTokens.Make(
        Services.GetRequiredService<Opaline.Server.Authentication.SigningKey>().Credentials,
        claims: new Dictionary<string, object> { ["sub"] = actor, ["role"] = role, ["tenant"] = "default", ["department"] = "general" });

    public Task<HttpResponseMessage> RequestTokenAsync(string id, string secret) => Http.PostAsync(
        "/connect/token",
        new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]));

    /// <summary>Sends a request as the first client of that role; null: without a token.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? role,
        HttpContent? content = null,
        string? token = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        if ((token ?? await TokenAsync(role)) is { } bearer)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await Http.SendAsync(request, completion);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? role) => SendAsync(HttpMethod.Get, path, role);

    public Task<HttpResponseMessage> PostJsonAsync(string path, string? role, string json, string? token = null) =>
        SendAsync(HttpMethod.Post, path, role, new StringContent(json, System.Text.Encoding.UTF8, "application/json"), token);

    /// <summary>The newest records of the log, newest first.</summary>
    public async Task<IReadOnlyList<Opaline.Audit.AuditEntry>> LogAsync(string? actor = null, int limit = 1_000) =>
        (await Services.GetRequiredService<Opaline.Audit.AuditLog>().SearchAsync(
            new Opaline.Audit.AuditFilter(Opaline.Catalog.Tenant.Default, actor, Limit: limit), CancellationToken.None)).Entries;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _tokenLock.Dispose();
        if (_ownsFolder)
            Folder.Dispose();
    }
}
