using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Ingestion;
using Opaline.Server.Auditing;
using Opaline.Server.Configuration;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Server.Problems;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>Events and rows on their way in. 202 means durable.</summary>
internal static class EventEndpoints
{
    private const string NdJson = "application/x-ndjson";
    private static readonly HeaderParameter IdempotencyKey = new(
        "Idempotency-Key",
        "Names this batch, 1 to 255 characters: sent again under the same key it is stored once.",
        "batch-2024-01-15-0001");

    private static readonly HeaderParameter Source = new(
        "Opaline-Source",
        "What the event ids are unique in, 1 to 128 visible ASCII characters; without it, the client. Name it where more than one "
        + "client may send the same events, such as the rows of a file: under one source they are stored once.",
        "import/shop-2024-01");

    private const string EventExample = """
        {"user_id":"user@example.com","action":"login","timestamp":"2024-01-15T10:30:00Z","metadata":{"ip_address":"192.168.1.1","device":"mobile"}}
        """;

    private const string RowExample = """{"customer_id":"c-17","date":"2024-01-15","dollars":12.5}""";

    public static void MapEvents(this RouteGroupBuilder api)
    {
        api.MapPost("/events", SendEventsAsync)
            .Guarded(Permission.SendEvents, AuditActions.DataIngest)
            .Takes()
            .WithMetadata(IdempotencyKey, Source)
            .WithTags("Events")
            .WithSummary("Sends events")
            .WithDescription(
                "One event, an array of them, or NDJSON (application/x-ndjson), also with Content-Encoding: gzip. The answer comes once the accepted "
                + "events are durable. A bad event is answered with its index, path and reason while the good ones are stored. Send an "
                + "Idempotency-Key and repeat the call after a lost answer: nothing is stored twice.")
            .WithExample(EventExample)
            .Accepts<EventDocument>("application/json", NdJson)
            .Produces<IngestReceiptDocument>(StatusCodes.Status202Accepted)
            .Refuses(400, 413, 415, 422, 503);
        api.MapPost("/datasets/{dataset}/rows", SendRowsAsync)
            .Guarded(Permission.SendEvents, AuditActions.DataIngest)
            .Takes()
            .WithMetadata(IdempotencyKey, Source)
            .WithTags("Events")
            .WithSummary("Sends rows of a dataset")
            .WithDescription("As for events; a row holds the dataset's fields by name, and an event_id where the sender has one.")
            .WithExample(RowExample)
            .Accepts<Dictionary<string, System.Text.Json.JsonElement>>("application/json", NdJson)
            .Produces<IngestReceiptDocument>(StatusCodes.Status202Accepted)
            .Refuses(400, 404, 413, 415, 422, 503);
    }

    private static Task<IResult> SendEventsAsync(
        HttpContext context, IngestPipeline pipeline, CatalogStore catalog, OpalineOptions options, CancellationToken cancellationToken) =>
        SendRowsAsync(EventsDataset.Name, context, pipeline, catalog, options, cancellationToken);

    private static async Task<IResult> SendRowsAsync(
        string dataset, HttpContext context, IngestPipeline pipeline, CatalogStore catalog, OpalineOptions options, CancellationToken cancellationToken)
    {
        Dataset target = context.Dataset(catalog, dataset);
        BodyFormat format = FormatOf(context.Request);
        string? key = context.Request.Headers.TryGetValue(IdempotencyKey.Name, out var keys) ? keys.ToString() : null;
        string? source = context.Request.Headers.TryGetValue(Source.Name, out var sources) ? sources.ToString() : null;
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(context.Request, options.Limits.MaxBodyBytes, cancellationToken);
        IngestReceipt receipt = await pipeline.IngestAsync(new IngestBatch(context.Caller(), target, body, format, key, source), cancellationToken);
        CallRecorder.MarkRecorded(context);
        IngestReceiptDocument document = new(
            receipt.Accepted, receipt.Rejected, [.. receipt.Errors.Select(e => new IngestErrorDocument(e.Index, e.Path, e.Reason))]);
        return TypedResults.Json(document, OpalineJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static BodyFormat FormatOf(HttpRequest request)
    {
        RequestBody.RequireUtf8(request);
        if (request.HasJsonContentType())
            return BodyFormat.Json;
        string type = request.ContentType?.Split(';')[0].Trim() ?? "";
        return string.Equals(type, NdJson, StringComparison.OrdinalIgnoreCase)
            ? BodyFormat.NdJson
            : throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                ProblemCodes.UnsupportedMediaType,
                "Send Content-Type: application/json (one event or an array) or application/x-ndjson (one event a line).");
    }
}
