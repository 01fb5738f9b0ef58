using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Opaline.Client.Contracts;
using Opaline.Client.Http;
using Opaline.Client.Linq;
using Opaline.Client.Streaming;

namespace Opaline.Client;

/// <summary>
/// Speaks to an Opaline server. Fetches and renews its token, compresses what it sends, and repeats calls on 429, 503 and lost connections as
/// far as that is safe: reads, rows under an idempotency key, and questions (the identical plan is answered once and charged once), but
/// not questions for a fresh release. Thread-safe.
/// </summary>
public sealed partial class OpalineClient : IDisposable
{
    private readonly Transport _transport;
    private readonly EventStream _events;

    /// <summary>A client of the server at the base address of <paramref name="http"/>.</summary>
    /// <param name="http">Belongs to the caller; its base address is the server's and ends with a slash.</param>
    /// <param name="credentials">Whom to speak as.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="ArgumentException">The base address is missing.</exception>
    public OpalineClient(HttpClient http, OpalineCredentials credentials, OpalineClientOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(credentials);
        if (http.BaseAddress is null)
            throw new ArgumentException("Set the base address to the server's, such as http://localhost:8000/.", nameof(http));
        OpalineClientOptions patience = (options ?? new OpalineClientOptions()).Checked();
        _transport = new Transport(http, credentials, patience, time ?? TimeProvider.System);
        _events = new EventStream(_transport, patience, time ?? TimeProvider.System);
    }

    /// <summary>
    /// Gets the first clients of a server that listens beyond loopback: once, by the code in <c>keys/init.code</c> on its machine. It is
    /// not repeated after a lost connection.
    /// </summary>
    /// <param name="http">Belongs to the caller; its base address is the server's.</param>
    /// <param name="code">Content of that file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<IReadOnlyList<CredentialDocument>> InitializeAsync(
        HttpClient http, string code, CancellationToken cancellationToken = default)
    {
        using Transport transport = new(http, new OpalineCredentials("", ""), new OpalineClientOptions(), TimeProvider.System);
        return await transport.SendAnonymousAsync<IReadOnlyList<CredentialDocument>>(
            () => new HttpRequestMessage(HttpMethod.Post, new RequestPath("init").ToString())
            {
                Content = JsonContent.Create(new InitRequestDocument(code), OpalineJson.Of<InitRequestDocument>()),
            },
            Repeat.WhenRefused,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An access token that is good for a while yet.</summary>
    public Task<TokenDocument> GetTokenAsync(CancellationToken cancellationToken = default) =>
        _transport.GetTokenAsync(null, cancellationToken).AsTask();

    /// <summary>Sends events of the built-in dataset as one batch.</summary>
    /// <param name="events">1 to 10,000.</param>
    /// <param name="idempotencyKey">Names the batch: sent again under the same key it is stored once.</param>
    /// <param name="source">What the event ids are unique in, 1 to 128 visible ASCII characters; null: this client.</param>
    /// <param name="cancellationToken">Ends the call; whether the events are stored is then unknown.</param>
    /// <returns>The receipt; the accepted events are durable.</returns>
    public Task<IngestReceiptDocument> SendEventsAsync(
        IReadOnlyList<EventDocument> events, string idempotencyKey, string? source = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArrayBufferWriter<byte> body = new();
        using Utf8JsonWriter writer = new(body);
        foreach (EventDocument one in events)
        {
            writer.Reset();
            JsonSerializer.Serialize(writer, one, OpalineJson.Of<EventDocument>());
            body.Write("\n"u8);
        }

        return SendBodyAsync(new RequestPath("events"), body.WrittenMemory, idempotencyKey, source, cancellationToken);
    }

    /// <summary>Sends rows of a dataset as one batch.</summary>
    /// <param name="dataset">Which dataset.</param>
    /// <param name="ndjson">One JSON object a line, UTF-8.</param>
    /// <param name="idempotencyKey">Names the batch: sent again under the same key it is stored once.</param>
    /// <param name="source">What the event ids are unique in, 1 to 128 visible ASCII characters; null: this client.</param>
    /// <param name="cancellationToken">Ends the call; whether the rows are stored is then unknown.</param>
    /// <returns>The receipt; the accepted rows are durable.</returns>
    public Task<IngestReceiptDocument> SendRowsAsync(
        string dataset, ReadOnlyMemory<byte> ndjson, string idempotencyKey, string? source = null, CancellationToken cancellationToken = default) =>
        SendBodyAsync(new RequestPath("datasets", dataset, "rows"), ndjson, idempotencyKey, source, cancellationToken);

    /// <summary>Sends a stream of rows in compressed batches over a few connections at a time.</summary>
    /// <param name="dataset">Which dataset.</param>
    /// <param name="rows">One JSON object each, UTF-8, without a line break. A row's memory is copied before the next is asked for.</param>
    /// <param name="options">Batch sizes and name of the stream.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Ends the stream; batches on their way may or may not be stored.</param>
    public Task<RowStreamResult> StreamRowsAsync(
        string dataset,
        IAsyncEnumerable<ReadOnlyMemory<byte>> rows,
        RowStreamOptions? options = null,
        IProgress<RowStreamResult>? progress = null,
        CancellationToken cancellationToken = default) =>
        new RowStream((options ?? new RowStreamOptions()).Checked(), progress).RunAsync(
            rows, (body, key, token) => SendRowsAsync(dataset, body, key, options?.Source, token), cancellationToken);

    /// <summary>Begins a question about a dataset in LINQ: <c>client.Dataset&lt;Visit&gt;("events").Where(v => v.Country == "AT").GroupBy(v => v.Plan).Count()</c>.</summary>
    /// <typeparam name="TRow">A type with a property per field.</typeparam>
    public DatasetQuery<TRow> Dataset<TRow>(string name) => new(this, name);

    /// <summary>Asks a question.</summary>
    /// <param name="query">The question.</param>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<AnswerDocument> QueryAsync(QueryDocument query, AskOptions? options = null, CancellationToken cancellationToken = default) =>
        QueryAsync(JsonSerializer.SerializeToElement(query, OpalineJson.Of<QueryDocument>()), options, cancellationToken);

    /// <summary>Asks a question in its JSON form.</summary>
    /// <param name="query">The question.</param>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<AnswerDocument> QueryAsync(JsonElement query, AskOptions? options = null, CancellationToken cancellationToken = default) =>
        PostAsync<JsonElement, AnswerDocument>(
            Asking("query", options), query, options?.Fresh == true ? Repeat.WhenRefused : Repeat.Always, cancellationToken);

    /// <summary>Asks a question in SQL.</summary>
    /// <param name="query">The SQL, and beside it what to spend or how exact to be.</param>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<AnswerDocument> QuerySqlAsync(SqlQueryDocument query, AskOptions? options = null, CancellationToken cancellationToken = default) =>
        QueryAsync(JsonSerializer.SerializeToElement(query, OpalineJson.Of<SqlQueryDocument>()), options, cancellationToken);

    /// <summary>Plans and prices a question; nothing is charged or read.</summary>
    public Task<DryRunDocument> DryRunAsync(QueryDocument query, CancellationToken cancellationToken = default) =>
        DryRunAsync(JsonSerializer.SerializeToElement(query, OpalineJson.Of<QueryDocument>()), cancellationToken);

    /// <summary>Plans and prices a question in SQL; nothing is charged or read.</summary>
    /// <param name="query">The SQL, and beside it what to spend or how exact to be.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DryRunDocument> DryRunSqlAsync(SqlQueryDocument query, CancellationToken cancellationToken = default) =>
        DryRunAsync(JsonSerializer.SerializeToElement(query, OpalineJson.Of<SqlQueryDocument>()), cancellationToken);

    /// <summary>Plans and prices a question in its JSON form; nothing is charged or read.</summary>
    public Task<DryRunDocument> DryRunAsync(JsonElement query, CancellationToken cancellationToken = default) =>
        PostAsync<JsonElement, DryRunDocument>(
            new RequestPath("analytics", "query").With("dry_run", true), query, Repeat.Always, cancellationToken);

    /// <summary>Asks several questions together: what those about the same cells have in common is paid once, and all that is new is charged or nothing is.</summary>
    /// <param name="batch">1 to 16 questions.</param>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<AnswerBatchDocument> QueryBatchAsync(QueryBatchDocument batch, AskOptions? options = null, CancellationToken cancellationToken = default) =>
        QueryBatchAsync(JsonSerializer.SerializeToElement(batch, OpalineJson.Of<QueryBatchDocument>()), options, cancellationToken);

    /// <summary>Asks several questions together, in the JSON form <c>{"queries": […]}</c>, each as a query or as SQL.</summary>
    /// <param name="batch">1 to 16 questions.</param>
    /// <param name="options">Which release may answer; null: one that is young enough, else a new, charged one.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<AnswerBatchDocument> QueryBatchAsync(JsonElement batch, AskOptions? options = null, CancellationToken cancellationToken = default) =>
        PostAsync<JsonElement, AnswerBatchDocument>(
            Asking("batch", options), batch, options?.Fresh == true ? Repeat.WhenRefused : Repeat.Always, cancellationToken);

    /// <summary>Plans and prices several questions together; nothing is charged or read.</summary>
    public Task<DryRunBatchDocument> DryRunBatchAsync(QueryBatchDocument batch, CancellationToken cancellationToken = default) =>
        PostAsync<QueryBatchDocument, DryRunBatchDocument>(
            new RequestPath("analytics", "batch").With("dry_run", true), batch, Repeat.Always, cancellationToken);

    /// <summary>A counter of the running period: it costs once per period, however often and by whomever it is looked at.</summary>
    /// <param name="metric">A metric that counts rows.</param>
    /// <param name="dataset">Its dataset; null: events.</param>
    /// <param name="period"><c>hour</c>, <c>day</c>, <c>week</c> or <c>month</c>.</param>
    /// <param name="timeZone">IANA zone of the period; null: the dataset's.</param>
    /// <param name="epsilon">What the period may cost; null: the configured default.</param>
    /// <param name="cancellationToken">Ends the call; the charge may stay.</param>
    public Task<LiveCounterDocument> GetLiveAsync(
        string metric, string? dataset = null, string period = "day", string? timeZone = null, double? epsilon = null, CancellationToken cancellationToken = default) =>
        GetAsync<LiveCounterDocument>(
            new RequestPath("analytics", "live").With("metric", metric).With("dataset", dataset).With("period", period).With("tz", timeZone).With("epsilon", epsilon),
            Repeat.Always,
            cancellationToken);

    /// <summary>Asks for a metric.</summary>
    public Task<AnswerDocument> AggregateAsync(AggregateRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestPath path = new RequestPath("analytics", "aggregate")
            .With("metric", request.Metric).With("period", request.Period).With("dataset", request.Dataset)
            .With("from", request.From).With("to", request.To).With("tz", request.TimeZone).With("group_by", request.GroupBy)
            .With("epsilon", request.Epsilon).With("error", request.Error)
            .With("fresh", request.Options?.Fresh == true).With("max_age", request.Options?.MaxAgeSeconds);
        return GetAsync<AnswerDocument>(path, request.Options?.Fresh == true ? Repeat.WhenRefused : Repeat.Always, cancellationToken);
    }

    /// <summary>The accounts that the caller's questions are charged to.</summary>
    /// <param name="dataset">Only this dataset's account, besides the caller's own; null: all.</param>
    /// <param name="historyDays">Of how many UTC days, today included, to tell the charges, 1 to 400; null: of none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<BudgetDocument> GetBudgetAsync(string? dataset = null, int? historyDays = null, CancellationToken cancellationToken = default) =>
        GetAsync<BudgetDocument>(
            new RequestPath("budget").With("dataset", dataset).With("history_days", historyDays), Repeat.Always, cancellationToken);

    /// <summary>
    /// The same accounts as they change, until the caller stops: first each as it stands, then again after a charge. Connects again by
    /// itself when the token or the connection ends; each account then comes anew.
    /// </summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="OpalineConnectionException">The server cannot be reached any more.</exception>
    /// <exception cref="OpalineProblemException">The server refuses, as with more streams than a caller may have.</exception>
    public async IAsyncEnumerable<BudgetEventDocument> WatchBudgetAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (BudgetEventDocument change in _events.ReadAsync<BudgetEventDocument>(new RequestPath("budget", "events"), cancellationToken).ConfigureAwait(false))
        {
            if (change.Account is not null)
                yield return change;
        }
    }

    /// <summary>Searches the audit log, newest first.</summary>
    public Task<AuditPageDocument> SearchAuditAsync(AuditSearch search, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        RequestPath path = new RequestPath("audit")
            .With("user_id", search.Actor).With("action", search.Action).With("from", search.From).With("to", search.To)
            .With("limit", search.Limit).With("cursor", search.Cursor);
        return GetAsync<AuditPageDocument>(path, Repeat.Always, cancellationToken);
    }

    /// <summary>All datasets.</summary>
    public Task<DatasetListDocument> ListDatasetsAsync(CancellationToken cancellationToken = default) =>
        GetAsync<DatasetListDocument>(new RequestPath("datasets"), Repeat.Always, cancellationToken);

    /// <summary>One dataset, or null if there is none of that name.</summary>
    public Task<DatasetDocument?> FindDatasetAsync(string name, CancellationToken cancellationToken = default) =>
        FindAsync<DatasetDocument>(new RequestPath("datasets", name), cancellationToken);

    /// <summary>Declares a dataset.</summary>
    public Task<DatasetDocument> CreateDatasetAsync(DatasetDeclarationDocument declaration, CancellationToken cancellationToken = default) =>
        PostAsync<DatasetDeclarationDocument, DatasetDocument>(new RequestPath("datasets"), declaration, Repeat.WhenRefused, cancellationToken);

    /// <summary>Sets the bounds of a dataset's queries and keys.</summary>
    public Task<DatasetDocument> ChangeDatasetAsync(string dataset, DatasetChangeDocument change, CancellationToken cancellationToken = default) =>
        SendJsonAsync<DatasetChangeDocument, DatasetDocument>(
            HttpMethod.Patch, new RequestPath("datasets", dataset), change, Repeat.Always, cancellationToken);

    /// <summary>Declares further fields of a dataset.</summary>
    public Task<DatasetDocument> AddFieldsAsync(
        string dataset, IReadOnlyList<FieldDeclarationDocument> fields, CancellationToken cancellationToken = default) =>
        PostAsync<IReadOnlyList<FieldDeclarationDocument>, DatasetDocument>(
            new RequestPath("datasets", dataset, "fields"), fields, Repeat.WhenRefused, cancellationToken);

    /// <summary>Confirms or changes a field.</summary>
    public Task<DatasetDocument> ChangeFieldAsync(
        string dataset, string field, FieldChangeDocument change, CancellationToken cancellationToken = default) =>
        SendJsonAsync<FieldChangeDocument, DatasetDocument>(
            HttpMethod.Patch, new RequestPath("datasets", dataset, "fields", field), change, Repeat.Always, cancellationToken);

    /// <summary>Declares or replaces a metric.</summary>
    public Task<DatasetDocument> PutMetricAsync(string dataset, MetricDocument metric, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return SendJsonAsync<MetricDocument, DatasetDocument>(
            HttpMethod.Put, new RequestPath("datasets", dataset, "metrics", metric.Name), metric, Repeat.Always, cancellationToken);
    }

    /// <summary>Turns a raw identifier into its opaque id.</summary>
    public Task<LookupDocument> LookUpSubjectAsync(LookupRequestDocument request, CancellationToken cancellationToken = default) =>
        PostAsync<LookupRequestDocument, LookupDocument>(new RequestPath("subjects", "lookup"), request, Repeat.Always, cancellationToken);

    /// <summary>The tokens of what a person has; null if nobody of that opaque id is known.</summary>
    public Task<SubjectDocument?> FindSubjectAsync(string subjectId, CancellationToken cancellationToken = default) =>
        FindAsync<SubjectDocument>(new RequestPath("subjects", subjectId), cancellationToken);

    /// <summary>Who saw a person's values.</summary>
    public Task<SubjectRevealsDocument> GetRevealsAsync(string subjectId, CancellationToken cancellationToken = default) =>
        GetAsync<SubjectRevealsDocument>(new RequestPath("subjects", subjectId, "reveals"), Repeat.Always, cancellationToken);

    /// <summary>Opens tokens. Not repeated after a lost connection, as every value is charged to a quota and recorded.</summary>
    public Task<RevealDocument> RevealAsync(RevealRequestDocument request, CancellationToken cancellationToken = default) =>
        PostAsync<RevealRequestDocument, RevealDocument>(new RequestPath("tokens", "reveal"), request, Repeat.WhenRefused, cancellationToken);

    /// <summary>Writes everything about a person to a stream.</summary>
    /// <param name="subjectId">The opaque id.</param>
    /// <param name="request">Why, and in which form.</param>
    /// <param name="destination">Takes the bytes; belongs to the caller.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task ExportSubjectAsync(string subjectId, ExportRequestDocument request, Stream destination, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await _transport.OpenAsync(
            () => new HttpRequestMessage(HttpMethod.Post, new RequestPath("subjects", subjectId, "export").ToString())
            {
                Content = JsonContent.Create(request, OpalineJson.Of<ExportRequestDocument>()),
            },
            Repeat.WhenRefused,
            cancellationToken).ConfigureAwait(false);
        await response.Content.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for a person's erasure. Asked again it is the same erasure.</summary>
    public Task<ErasureDocument> EraseSubjectAsync(string subjectId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<ErasureDocument>(
            () => new HttpRequestMessage(HttpMethod.Delete, new RequestPath("subjects", subjectId).ToString()), Repeat.Always, cancellationToken);

    /// <summary>How far an erasure is, with its receipt once it is done; null if there is none of that name.</summary>
    public Task<ErasureDocument?> FindErasureAsync(string id, CancellationToken cancellationToken = default) =>
        FindAsync<ErasureDocument>(new RequestPath("erasures", id), cancellationToken);

    /// <summary>The public key that receipts are verified by (<see cref="ErasureReceipt.Verify"/>).</summary>
    public Task<ReceiptKeyDocument> GetReceiptKeyAsync(CancellationToken cancellationToken = default) =>
        GetAsync<ReceiptKeyDocument>(new RequestPath("erasures", "key"), Repeat.Always, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _transport.Dispose();

    private static RequestPath Asking(string what, AskOptions? options) =>
        new RequestPath("analytics", what).With("fresh", options?.Fresh == true).With("max_age", options?.MaxAgeSeconds);

    private async Task<T?> FindAsync<T>(RequestPath path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync<T>(path, Repeat.Always, cancellationToken).ConfigureAwait(false);
        }
        catch (OpalineProblemException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private Task<T> GetAsync<T>(RequestPath path, Repeat repeat, CancellationToken cancellationToken) =>
        _transport.SendAsync<T>(() => new HttpRequestMessage(HttpMethod.Get, path.ToString()), repeat, cancellationToken);

    private Task<TOut> PostAsync<TIn, TOut>(RequestPath path, TIn body, Repeat repeat, CancellationToken cancellationToken) =>
        SendJsonAsync<TIn, TOut>(HttpMethod.Post, path, body, repeat, cancellationToken);

    private Task<TOut> SendJsonAsync<TIn, TOut>(
        HttpMethod method, RequestPath path, TIn body, Repeat repeat, CancellationToken cancellationToken) =>
        _transport.SendAsync<TOut>(
            () => new HttpRequestMessage(method, path.ToString()) { Content = JsonContent.Create(body, OpalineJson.Of<TIn>()) },
            repeat,
            cancellationToken);

    private Task<IngestReceiptDocument> SendBodyAsync(
        RequestPath path, ReadOnlyMemory<byte> ndjson, string idempotencyKey, string? source, CancellationToken cancellationToken)
    {
        byte[] compressed = Compress(ndjson.Span);
        return _transport.SendAsync<IngestReceiptDocument>(
            () =>
            {
                ByteArrayContent content = new(compressed);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
                content.Headers.ContentEncoding.Add("gzip");
                HttpRequestMessage request = new(HttpMethod.Post, path.ToString())
                {
                    Content = content,
                    Headers = { { "Idempotency-Key", idempotencyKey } },
                };
                if (source is not null)
                    request.Headers.Add("Opaline-Source", source);
                return request;
            },
            Repeat.Always,
            cancellationToken);
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using MemoryStream buffer = new();
        using (GZipStream gzip = new(buffer, CompressionLevel.Fastest))
            gzip.Write(body);
        return buffer.ToArray();
    }
}
