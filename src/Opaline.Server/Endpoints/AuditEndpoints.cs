using System.Globalization;
using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;

namespace Opaline.Server.Endpoints;

/// <summary>The audit log.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;

    private static readonly string[] TimeForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static void MapAudit(this RouteGroupBuilder api) => api.MapGet("/audit", SearchAsync)
        .Guarded(Permission.ReadAudit, AuditActions.AuditRead)
        .Takes(
            new("user_id", "The actor: a client's id, system, or anonymous.", "admin"),
            new("action", "The action, such as data_access, data_ingest, login, catalog_change, access_denied.", "data_access"),
            new("from", "Earliest time: a date or an RFC 3339 time.", "2024-01-01T00:00:00Z"),
            new("to", "The time that all records are before.", "2024-02-01T00:00:00Z"),
            new("limit", "Most records of a page, 1 to 1000.", "100"),
            new("cursor", "The next_cursor of the page before."))
        .WithTags("Audit")
        .WithSummary("Searches the audit log")
        .WithDescription("Newest first. Every call, refusal and login is one record, written before its answer left.")
        .Produces<AuditPageDocument>()
        .Refuses(400);

    private static async Task<IResult> SearchAsync(HttpContext context, AuditLog log, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        AuditPage page = await log.SearchAsync(
            new AuditFilter(
                context.Caller().Tenant,
                request.Text("user_id"),
                request.Text("action"),
                Time(request, "from"),
                Time(request, "to"),
                Limit(request),
                request.Text("cursor")),
            cancellationToken);
        return TypedResults.Json(new AuditPageDocument([.. page.Entries.Select(Write)], page.Next), OpalineJson.Options);
    }

    private static AuditRecordDocument Write(AuditEntry entry) => new(
        entry.Sequence,
        entry.At,
        entry.Record.Actor,
        entry.Record.Role,
        entry.Record.Action,
        entry.Record.Object,
        entry.Record.Outcome,
        entry.Record.Detail is { } detail ? JsonSerializer.Deserialize<JsonElement>(detail, OpalineJson.Options) : null);

    private static DateTime? Time(HttpRequest request, string name)
    {
        if (request.Text(name) is not { } text)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, Utc, out DateTime time)
            ? time
            : throw new ProblemException(
                StatusCodes.Status400BadRequest, ProblemCodes.BadParameter, $"{name} is a date or an RFC 3339 time, such as 2024-01-31T00:00:00Z.", name);
    }

    private static int Limit(HttpRequest request)
    {
        if (request.Text("limit") is not { } text)
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            ? limit
            : throw new AuditFilterException("limit", "Use a limit of 1 to 1,000.");
    }
}
