using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Server.Authentication;
using Opaline.Server.Authorization;
using Opaline.Storage;

namespace Opaline.Server.Auditing;

/// <summary>Records calls, once each. A record is durable when the task completes; if it cannot be written the task fails, and so must the call.</summary>
internal sealed class CallRecorder(AuditLog log, AnonymousRefusals anonymous)
{
    private const string Done = "ok";
    private static readonly object Recorded = new();
    private static readonly object Described = new();

    /// <summary>Records that the call did what it was for.</summary>
    public Task SucceededAsync(HttpContext context, AuditedCall call) =>
        WriteAsync(context, call.Action, Done);

    /// <summary>
    /// Makes a change together with its record, in one transaction: there is neither a change without a record nor a record without its change.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="store">Where both go.</param>
    /// <param name="changed">What is changed, such as <c>dataset/events</c>.</param>
    /// <param name="change">The change.</param>
    /// <param name="detail">What the record says of it: public facts as a JSON object.</param>
    /// <param name="cancellationToken">Honoured until the change has begun.</param>
    public async Task<T> ChangeAsync<T>(
        HttpContext context,
        IControlStore store,
        string changed,
        Func<ControlTransaction, T> change,
        Func<T, string> detail,
        CancellationToken cancellationToken)
    {
        AuditedCall call = CallOf(context) ?? throw new InvalidOperationException("A change says how it is audited.");
        CallIdentity identity = context.Features.Get<CallIdentity>() ?? throw new InvalidOperationException("Only a known caller changes anything.");
        T result = await store.WriteAsync(
            transaction =>
            {
                T made = change(transaction);
                log.Append(transaction, identity.Record(call.Action, changed, Done, detail(made)));
                return made;
            },
            cancellationToken);
        MarkRecorded(context);
        return result;
    }

    /// <summary>Records a refusal: of a known caller each one, of others those at a door, once a minute and address.</summary>
    public Task RefusedAsync(HttpContext context, string code)
    {
        AuditedCall? call = CallOf(context);
        if (context.Features.Get<CallIdentity>() is null)
            return RefusedAnonymousAsync(context, call, code);
        bool lookedAt = call is not null && code is not (Problems.ProblemCodes.Forbidden or Problems.ProblemCodes.RateLimited);
        return WriteAsync(context, lookedAt ? call!.Action : AuditActions.AccessDenied, code);
    }

    /// <summary>How a dataset stands in the log.</summary>
    public static string DatasetObject(string name) => "dataset/" + name;

    /// <summary>Says that the part that did the work, or refused it, has already written the record.</summary>
    public static void MarkRecorded(HttpContext context) => context.Items[Recorded] = true;

    /// <summary>Gives the record of this call, once it succeeds, its object and public facts as a JSON object.</summary>
    public static void Describe(HttpContext context, string acted, string detail) => context.Items[Described] = (acted, detail);

    // A page that is not there, or a form that a browser got wrong, is no attempt to get in.
    private Task RefusedAnonymousAsync(HttpContext context, AuditedCall? call, string code)
    {
        bool door = code == Problems.ProblemCodes.Unauthenticated
            || call is not null
            || context.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>() is not null;
        if (!door || context.Items.ContainsKey(Recorded))
            return Task.CompletedTask;
        bool open = context.GetEndpoint()?.Metadata.GetMetadata<PermissionRequirement>() is null;
        return anonymous.RecordAsync(context, open && call is not null ? call.Action : AuditActions.AccessDenied, ObjectOf(context), code);
    }

    private async Task WriteAsync(HttpContext context, string action, string outcome)
    {
        if (context.Items.ContainsKey(Recorded) || context.Features.Get<CallIdentity>() is not { } identity)
            return;
        (string acted, string? detail) = outcome == Done && context.Items[Described] is (string described, string facts)
            ? (described, facts)
            : (ObjectOf(context), null);
        AuditRecord record = identity.Record(action, acted, outcome, detail);
        // Not the request's token: a caller that hangs up must not keep its own call out of the log.
        await log.WriteAsync(record, CancellationToken.None);
        MarkRecorded(context);
    }

    private static AuditedCall? CallOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AuditedCall>();

    // Only names of the catalog and templates of routes: a path as it was typed could hold anything.
    private static string ObjectOf(HttpContext context)
    {
        if (context.GetRouteValue("dataset") is string dataset && DatasetRules.IsDatasetName(dataset))
            return DatasetObject(dataset);
        return context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } template } ? "endpoint" + template : "endpoint";
    }
}
