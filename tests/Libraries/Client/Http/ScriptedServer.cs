using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Opaline.Client;

namespace Opaline.Libraries.Tests.Client.Http;

/// <summary>Answers requests in process as the test says, and remembers them.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    public const string Token = """{"access_token":"t1","token_type":"Bearer","expires_in":600}""";

    public const string Receipt = """{"accepted":1,"rejected":0,"errors":[]}""";

    public const string Budget = """{"as_of":"2024-01-01T00:00:00Z","accounts":[],"blocks":[],"scopes":[]}""";

    private int _tokens;

    public ConcurrentQueue<Request> Requests { get; } = [];

    public IEnumerable<Request> Calls => Requests.Where(r => r.Path != "/connect/token");

    public Func<int, HttpResponseMessage>? OnToken { get; init; }

    /// <summary>Given the call and its number, from 1 (token requests do not count).</summary>
    public required Func<Request, int, HttpResponseMessage> OnCall { get; init; }

    public InstantTime Time { get; } = new();

    public OpalineClient Client(OpalineClientOptions? options = null) => new(
        new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://opaline.test/") },
        new OpalineCredentials("id", "secret"),
        options,
        Time);

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        if (request.Content?.Headers.ContentEncoding.Contains("gzip") == true)
        {
            await using GZipStream gzip = new(new MemoryStream(body), CompressionMode.Decompress);
            using MemoryStream plain = new();
            await gzip.CopyToAsync(plain, cancellationToken);
            body = plain.ToArray();
        }

        Request seen = new(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query,
            request.Headers.Authorization?.Parameter,
            request.Headers.TryGetValues("Idempotency-Key", out IEnumerable<string>? keys) ? keys.Single() : null,
            request.Content?.Headers.ContentType?.MediaType,
            Encoding.UTF8.GetString(body),
            request.Headers.TryGetValues("Opaline-Source", out IEnumerable<string>? sources) ? sources.Single() : null);
        Requests.Enqueue(seen);
        if (seen.Path == "/connect/token")
            return OnToken?.Invoke(Interlocked.Increment(ref _tokens)) ?? Json(Token);
        return OnCall(seen, Calls.Count());
    }

    public sealed record Request(string Method, string Path, string Query, string? Token, string? Key, string? Type, string Body, string? Source);
}
