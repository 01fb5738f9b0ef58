using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Server.Authentication;

namespace Opaline.Server.Auditing;

/// <summary>Records calls, once each. A record is durable when the task completes; if it cannot be written the task fails, and so must the call.</summary>
internal sealed class CallRecorder(AuditLog log)
{
    private static readonly object Recorded = new();

    /// <summary>Records that the call did what it was for.</summary>
    public Task SucceededAsync(HttpContext context, AuditedCall call) =>
        WriteAsync(context, call.Action, "ok");

    /// <summary>Records a refusal, if a caller is known.</summary>
    public Task RefusedAsync(HttpContext context, string code)
    {
        AuditedCall? call = context.GetEndpoint()?.Metadata.GetMetadata<AuditedCall>();
        bool lookedAt = call is not null && code is not (Problems.ProblemCodes.Forbidden or Problems.ProblemCodes.RateLimited);
        return WriteAsync(context, lookedAt ? call!.Action : AuditActions.AccessDenied, code);
    }

    /// <summary>Says that the part that did the work, or refused it, has already written the record.</summary>
    public static void MarkRecorded(HttpContext context) => context.Items[Recorded] = true;

    private async Task WriteAsync(HttpContext context, string action, string outcome)
    {
        if (context.Items.ContainsKey(Recorded) || context.Features.Get<CallIdentity>() is not { } identity)
            return;
        AuditRecord record = new(identity.Tenant, identity.Id, identity.RoleName, action, ObjectOf(context), outcome);
        // Not the request's token: a caller that hangs up must not keep its own call out of the log.
        await log.WriteAsync(record, CancellationToken.None);
        MarkRecorded(context);
    }

    // Only names of the catalog and templates of routes: a path as it was typed could hold anything.
    private static string ObjectOf(HttpContext context)
    {
        if (context.GetRouteValue("dataset") is string dataset && DatasetRules.IsDatasetName(dataset))
            return "dataset/" + dataset;
        return context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } template } ? "endpoint" + template : "endpoint";
    }
}
