using Opaline.Access;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Ingestion;
using Opaline.Server.Auditing;
using Opaline.Server.Authorization;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>Whether the process lives, whether it can do its work, and its own figures. Nothing of it is about data.</summary>
internal static class HealthEndpoints
{
    private const string Fine = "ok";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Json(new HealthDocument(Fine), OpalineJson.Options))
            .AllowAnonymous()
            .WithTags("Operations")
            .WithSummary("Whether the process lives")
            .WithDescription("200 as long as it answers at all.")
            .Produces<HealthDocument>();
        routes.MapGet("/health/ready", ReadyAsync)
            .AllowAnonymous()
            .WithTags("Operations")
            .WithSummary("Whether the server can do its work")
            .WithDescription("200 if the stores can be read and written and rows reach the event store; else 503 with what fails.")
            .Produces<HealthDocument>()
            .Produces<HealthDocument>(StatusCodes.Status503ServiceUnavailable);
        // Allocations and exceptions tell how many keys a question suppressed: for an Admin only, wherever it is asked from.
        routes.MapPrometheusScrapingEndpoint("/metrics")
            .Needs(Permission.ReadOperations)
            .WithMetadata(new AuditedCall(AuditActions.MetricsRead))
            .RecordedFirst();
    }

    private static async Task<IResult> ReadyAsync(
        IControlStore control, IEventStore events, SettlingHealth settling, CancellationToken cancellationToken)
    {
        Dictionary<string, string> checks = new(StringComparer.Ordinal)
        {
            ["control_store"] = control.Failed ? "a write failed; restart the server, which checks the store" : await ProbeAsync(() => control.ReadAsync(static _ => true, cancellationToken)),
            ["event_store"] = await ProbeAsync(() => events.AggregateAsync("SELECT 1", [], cancellationToken)),
            ["settling"] = settling.Failure ?? Fine,
        };
        bool ready = checks.Values.All(c => c == Fine);
        return TypedResults.Json(
            new HealthDocument(ready ? Fine : "failing", checks),
            OpalineJson.Options,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string> ProbeAsync<T>(Func<Task<T>> probe)
    {
        try
        {
            await probe();
            return Fine;
        }
        catch (StorageFailureException)
        {
            return "cannot be read";
        }
    }
}
