using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Detection;
using Opaline.Governance;
using Opaline.Server.Auditing;
using Opaline.Server.Limits;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;
using Opaline.Storage;
using Opaline.Tokenization;
using Opaline.TokenVault;

namespace Opaline.Server.Endpoints;

/// <summary>
/// From a raw identifier to an opaque id, and from there to what a person may ask for. The identifier stands in the body, since addresses end up in logs.
/// </summary>
internal static class SubjectEndpoints
{
    public static void MapSubjects(this RouteGroupBuilder api)
    {
        api.MapPost("/subjects/lookup", LookUpAsync)
            .Guarded(Permission.LookUpSubjects, AuditActions.SubjectLookup)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Turns an identifier into an opaque id")
            .WithDescription("For an Admin who serves a person's request. The id is null if nobody of that identifier is known.")
            .WithExample("""{"identifier":"user@example.com","dataset":"events"}""")
            .Accepts<LookupRequestDocument>("application/json")
            .Produces<LookupDocument>()
            .Refuses(400, 404, 415);
        api.MapGet("/subjects/{subject}", ReadAsync)
            .Guarded(Permission.LookUpSubjects, AuditActions.SubjectRead)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Lists a person's tokens")
            .WithDescription("The tokens of what the person has, without any value; POST /api/v1/tokens/reveal opens them. Where every dataset with the field declares one format there is a token of that "
                + "format too, to look at and to test with; it shows what the format keeps, such as the last four digits of a card, and nothing opens it.")
            .Produces<SubjectDocument>()
            .Refuses(404);
        api.MapGet("/subjects/{subject}/reveals", RevealsAsync)
            .Guarded(Permission.ReadAudit, AuditActions.SubjectRead)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Tells who saw a person's values")
            .WithDescription("From the audit log, newest first, at most 1,000. What several people have, such as a shared address, was seen of each of them.")
            .Produces<SubjectRevealsDocument>()
            .Refuses(404);
        api.MapPost("/subjects/{subject}/export", ExportAsync)
            .Guarded(Permission.RevealValues, AuditActions.SubjectExport)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Exports everything about a person")
            .WithDescription(
                "Identifier, values and rows with what was sealed opened, as JSON or as CSV with one line per value. Charged to the caller's quota as one "
                + "value and recorded with the reason before anything leaves.")
            .WithExample("""{"reason":"Request for access OPS-1234","format":"json"}""")
            .Accepts<ExportRequestDocument>("application/json")
            .Produces(StatusCodes.Status200OK, contentType: "application/json", additionalContentTypes: "text/csv")
            .Refuses(400, 404, 415, 422);
    }

    /// <summary>The person of an opaque id, or a 404: unknown, erased and foreign ids are alike.</summary>
    public static async Task<KnownSubject> SubjectAsync(this HttpContext context, Vault vault, string subject, CancellationToken cancellationToken) =>
        await vault.FindSubjectAsync(context.Caller().Tenant, subject, cancellationToken)
        ?? throw new ProblemException(
            StatusCodes.Status404NotFound, ProblemCodes.UnknownSubject, "Nobody of this opaque id is known; POST /api/v1/subjects/lookup gives the id of an identifier.", "subject");

    private static async Task<IResult> LookUpAsync(HttpContext context, CatalogStore catalog, Vault vault, CancellationToken cancellationToken)
    {
        LookupRequestDocument request = await RequestBody.ReadJsonAsync<LookupRequestDocument>(context.Request, cancellationToken);
        if (request.Identifier is not { Length: > 0 and <= 1024 })
            throw new CatalogRuleException("invalid_value", "identifier", "Give an identifier of 1 to 1024 characters.");
        Dataset dataset = context.Dataset(catalog, request.Dataset ?? EventsDataset.Name);
        string? id = await vault.LookUpSubjectAsync(dataset.Tenant, dataset.SubjectScope, request.Identifier, cancellationToken);
        // Whom it was about, as the opaque id: never the identifier that was sent.
        CallRecorder.Describe(
            context, CallRecorder.DatasetObject(dataset.Name), JsonSerializer.Serialize(new { dataset = dataset.Name, subject_id = id }));
        return TypedResults.Json(new LookupDocument(id), OpalineJson.Options);
    }

    private static async Task<IResult> ReadAsync(
        string subject, HttpContext context, CatalogStore catalog, Vault vault, RevealService reveals, CancellationToken cancellationToken)
    {
        KnownSubject known = await context.SubjectAsync(vault, subject, cancellationToken);
        IReadOnlyList<SubjectToken> tokens = await reveals.TokensOfAsync(known, Formats(catalog, known), cancellationToken);
        Describe(context, known);
        return TypedResults.Json(
            new SubjectDocument(known.Token, known.SubjectScope, [.. tokens.Select(t => new SubjectTokenDocument(t.Field, t.Token, t.Formatted))]), OpalineJson.Options);
    }

    // A value may have come through any of the datasets that tokenize the field: what one of them keeps hidden another may not show.
    private static Dictionary<string, TokenFormat> Formats(CatalogStore catalog, KnownSubject subject) => catalog.List(subject.Tenant)
        .SelectMany(d => d.Fields)
        .Where(f => f.Treatment.Kind == TreatmentKind.Tokenize && f.Role != FieldRole.Subject)
        .GroupBy(f => f.Name, f => f.Treatment.Format, StringComparer.Ordinal)
        .Where(g => g.First() is { } first && g.All(first.IsSame))
        .ToDictionary(g => g.Key, g => g.First()!, StringComparer.Ordinal);

    private static async Task<IResult> RevealsAsync(
        string subject, HttpContext context, Vault vault, RevealService reveals, AuditLog log, CancellationToken cancellationToken)
    {
        KnownSubject known = await context.SubjectAsync(vault, subject, cancellationToken);
        IReadOnlyList<SubjectReveal> found = await reveals.RevealsOfAsync(known, cancellationToken);
        IReadOnlyDictionary<long, AuditEntry> entries = await log.ReadAsync(known.Tenant, [.. found.Select(f => f.AuditSequence)], cancellationToken);
        Describe(context, known);
        return TypedResults.Json(
            new SubjectRevealsDocument(known.Token, [.. found.Where(f => entries.ContainsKey(f.AuditSequence)).Select(f => Write(f, entries[f.AuditSequence]))]),
            OpalineJson.Options);
    }

    private static async Task<IResult> ExportAsync(
        string subject, HttpContext context, Vault vault, SubjectExport exports, ValueDetector detector, CancellationToken cancellationToken)
    {
        ExportRequestDocument request = await RequestBody.ReadJsonAsync<ExportRequestDocument>(context.Request, cancellationToken);
        if (request.Format is not (null or "json" or "csv"))
            throw new CatalogRuleException("invalid_value", "format", "Use json or csv.");
        KnownSubject known = await context.SubjectAsync(vault, subject, cancellationToken);
        OpenExport export = await exports.OpenAsync(context.Caller(), known, RevealEndpoints.Reason(request.Reason, detector), cancellationToken)
            ?? await NobodyAsync();
        // Whether or not anything of it is ever written.
        context.Response.RegisterForDispose(export);
        CallRecorder.MarkRecorded(context);
        bool csv = request.Format == "csv";
        return TypedResults.Stream(
            body => csv ? export.WriteCsvAsync(body, context.RequestAborted) : export.WriteJsonAsync(body, context.RequestAborted),
            csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");

        // Erased between the two looks.
        async Task<OpenExport> NobodyAsync()
        {
            await context.SubjectAsync(vault, subject, cancellationToken);
            throw new StorageFailureException("A person without values is in the vault.");
        }
    }

    private static void Describe(HttpContext context, KnownSubject subject) =>
        CallRecorder.Describe(context, "subject/" + subject.Token, JsonSerializer.Serialize(new { subject_id = subject.Token }));

    private static SubjectRevealDocument Write(SubjectReveal reveal, AuditEntry entry)
    {
        using JsonDocument? detail = entry.Record.Detail is { } text ? JsonDocument.Parse(text) : null;
        string? reason = detail?.RootElement.TryGetProperty("reason", out JsonElement why) == true ? why.GetString() : null;
        return new SubjectRevealDocument(entry.Sequence, entry.At, entry.Record.Actor, entry.Record.Action, reveal.Field, reason);
    }
}
