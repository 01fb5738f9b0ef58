using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Opaline.Client;
using Opaline.Client.Contracts;
using Opaline.Server.Tests.Running;

namespace Opaline.Server.Tests.Problems;

/// <summary>Bad events: the right 4xx, a detail that helps and repeats no value, a record, and nothing lost.</summary>
public class BadIngestTests(SharedServer shared)
{
    private const string Good = """{"user_id":"good@example.com","action":"login","timestamp":"2024-01-15T10:30:00Z"}""";

    private readonly RunningServer _server = shared.Server;

    public static TheoryData<string, string, HttpStatusCode, string> Bodies => new()
    {
        { "cut short", """{"user_id":"secret-name","action":""", HttpStatusCode.BadRequest, "malformed_json" },
        { "no JSON", "user_id=secret-name", HttpStatusCode.BadRequest, "malformed_json" },
        { "empty", "", HttpStatusCode.BadRequest, "malformed_json" },
        { "10,000 levels", Nested(10_000), HttpStatusCode.BadRequest, "invalid_events" },
        { "10,000 arrays", new string('[', 10_000), HttpStatusCode.BadRequest, "malformed_json" },
        { "no user", """{"action":"login","timestamp":"2024-01-15T10:30:00Z"}""", HttpStatusCode.BadRequest, "invalid_events" },
        { "NUL in an action", """{"user_id":"secret-name","action":"log\u0000in","timestamp":"2024-01-15T10:30:00Z","x\u0000y":"secret-name"}""", HttpStatusCode.BadRequest, "invalid_events" },
        { "the year 9999", """{"user_id":"secret-name","action":"login","timestamp":"9999-12-31T23:59:59Z"}""", HttpStatusCode.BadRequest, "invalid_events" },
        { "no time", """{"user_id":"secret-name","action":"login","timestamp":"yesterday"}""", HttpStatusCode.BadRequest, "invalid_events" },
        { "a number as a user", """{"user_id":{"a":1},"action":"login","timestamp":"2024-01-15T10:30:00Z"}""", HttpStatusCode.BadRequest, "invalid_events" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_that_is_no_event_is_refused(string what, string body, HttpStatusCode status, string code)
    {
        string actor = "bad-" + what.Replace(' ', '-');
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/events", null, body, _server.Mint("ingest", actor));
        ProblemDocument problem = await response.ProblemAsync(status, code);
        Assert.DoesNotContain("secret-name", System.Text.Json.JsonSerializer.Serialize(problem, OpalineJson.Options), StringComparison.Ordinal);
        Opaline.Audit.AuditRecord record = Assert.Single(await _server.LogAsync(actor)).Record;
        Assert.Equal(("data_ingest", code, "ingest"), (record.Action, record.Outcome, record.Role));
    }

    [Fact]
    public async Task Good_events_of_a_batch_are_stored_and_bad_ones_named_by_index_and_path()
    {
        string body = $$"""[{{Good}},{"user_id":"secret-name","action":"login","timestamp":"9999-01-01T00:00:00Z"},{{Good}}]""";
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/events", "ingest", body);
        IngestReceiptDocument receipt = await response.ReadAsync<IngestReceiptDocument>(HttpStatusCode.Accepted);
        Assert.Equal((2, 1), (receipt.Accepted, receipt.Rejected));
        IngestErrorDocument error = Assert.Single(receipt.Errors);
        Assert.Equal(1, error.Index);
        Assert.Contains("timestamp", error.Path, StringComparison.Ordinal);
        Assert.DoesNotContain("9999", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_row_of_a_wholly_refused_batch_is_named_by_its_own_index()
    {
        const string Bad = """{"user_id":"secret-name","action":"login","timestamp":"yesterday"}""";
        CredentialDocument ingest = _server.Credentials().Single(c => c.Role == "ingest");
        using OpalineClient client = new(_server.Http, new OpalineCredentials(ingest.ClientId, ingest.ClientSecret));

        RowStreamResult result = await client.StreamRowsAsync("events", Rows(Good, Bad, Bad, Bad, Bad), new RowStreamOptions { BatchRows = 2, Connections = 1 });
        Assert.Equal((1, 4), (result.Accepted, result.Rejected));
        Assert.Equal([(1, "$.timestamp"), (2, "$.timestamp"), (3, "$.timestamp"), (4, "$.timestamp")], result.Errors.Select(e => (e.Index, e.Path)));

        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/events", "ingest", $"[{Bad},{Bad}]");
        ProblemDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_events");
        Assert.Equal([(0, "$.timestamp"), (1, "$.timestamp")], problem.Errors!.Select(e => (e.Index, e.Path)));
    }

    [Fact]
    public async Task Body_of_100_MB_is_refused_and_the_caller_hears_it()
    {
        using ByteArrayContent content = new(new byte[100_000_000]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response =
            await _server.SendAsync(HttpMethod.Post, "/api/v1/events", null, content, _server.Mint("ingest", "huge"));
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.Equal("body_too_large", Assert.Single(await _server.LogAsync("huge")).Record.Outcome);
    }

    [Fact]
    public async Task Body_of_100_MB_without_a_length_is_refused_too()
    {
        using ByteArrayContent content = new(new byte[100_000_000]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/events") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.Mint("ingest", "huge-chunked"));
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Small_body_that_grows_beyond_the_bound_when_decompressed_is_refused()
    {
        using MemoryStream bomb = new();
        await using (GZipStream gzip = new(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1_000_000];
            for (int i = 0; i < 200; i++)
                await gzip.WriteAsync(zeros);
        }

        Assert.True(bomb.Length < 1_000_000);
        using HttpResponseMessage response = await SendAsync(bomb.ToArray(), "gzip");
        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task Gzip_and_NDJSON_are_taken()
    {
        using MemoryStream body = new();
        await using (GZipStream gzip = new(body, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Good + "\n" + Good + "\n"));
        using HttpResponseMessage response = await SendAsync(body.ToArray(), "gzip", "application/x-ndjson");
        Assert.Equal(2, (await response.ReadAsync<IngestReceiptDocument>(HttpStatusCode.Accepted)).Accepted);
    }

    [Fact]
    public async Task Body_that_is_not_the_gzip_it_says_is_refused()
    {
        using HttpResponseMessage response = await SendAsync(Encoding.UTF8.GetBytes(Good), "gzip");
        await response.ProblemAsync(HttpStatusCode.BadRequest, "bad_encoding");
    }

    [Fact]
    public async Task Other_encodings_and_types_are_refused()
    {
        using HttpResponseMessage encoding = await SendAsync(Encoding.UTF8.GetBytes(Good), "br");
        await encoding.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_encoding");
        using HttpResponseMessage type = await SendAsync(Encoding.UTF8.GetBytes(Good), null, "text/csv");
        await type.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-8; charset=utf-16")]
    [InlineData("application/x-ndjson; charset=\"latin1\"")]
    public async Task Other_charsets_than_utf_8_are_refused(string type)
    {
        foreach (string path in (string[])["/api/v1/events", "/api/v1/analytics/query", "/api/v1/datasets"])
        {
            using ByteArrayContent content = new(Encoding.UTF8.GetBytes(Good));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Post, path, "admin", content);
            await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        }
    }

    [Theory]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/x-ndjson;charset=utf-8")]
    public async Task Charset_utf_8_may_be_said(string type)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(Good));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Post, "/api/v1/events", "admin", content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData("import/shop", HttpStatusCode.Accepted)]
    [InlineData("two words", HttpStatusCode.BadRequest)]
    public async Task Source_is_one_word(string source, HttpStatusCode expected)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(Good));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Opaline-Source", source);
        using HttpResponseMessage response = await _server.SendAsync(HttpMethod.Post, "/api/v1/events", "admin", content);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.BadRequest)
            await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_source");
    }

    [Fact]
    public async Task Same_key_with_another_body_is_refused_and_with_the_same_body_answered_alike()
    {
        using HttpResponseMessage first = await SendAsync(Encoding.UTF8.GetBytes(Good), null, key: "batch-1");
        using HttpResponseMessage same = await SendAsync(Encoding.UTF8.GetBytes(Good), null, key: "batch-1");
        Assert.Equal(await first.Content.ReadAsStringAsync(), await same.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Accepted, same.StatusCode);
        using HttpResponseMessage other = await SendAsync(Encoding.UTF8.GetBytes(Good.Replace("good", "other", StringComparison.Ordinal)), null, key: "batch-1");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_conflict");
    }

    [Fact]
    public async Task Rows_of_a_dataset_that_is_not_there_are_refused()
    {
        using HttpResponseMessage response = await _server.PostJsonAsync("/api/v1/datasets/nowhere/rows", "ingest", "{}");
        await response.ProblemAsync(HttpStatusCode.NotFound, "unknown_dataset");
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Rows(params string[] rows)
    {
        foreach (string row in rows)
            yield return Encoding.UTF8.GetBytes(row);
        await Task.CompletedTask;
    }

    private static string Nested(int levels) =>
        new StringBuilder().Insert(0, "{\"a\":", levels).Append('1').Append('}', levels).ToString();

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding, string type = "application/json", string? key = null)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        if (key is not null)
            content.Headers.Add("Idempotency-Key", key);
        return await _server.SendAsync(HttpMethod.Post, "/api/v1/events", "ingest", content);
    }
}
