using Opaline.Access;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Detection;
using Opaline.Server.Auditing;
using Opaline.Server.Limits;
using Opaline.Server.OpenApi;
using Opaline.TokenVault;

namespace Opaline.Server.Endpoints;

/// <summary>From tokens back to values.</summary>
internal static class RevealEndpoints
{
    public static void MapReveals(this RouteGroupBuilder api) => api.MapPost("/tokens/reveal", RevealAsync)
        .Guarded(Permission.RevealValues, AuditActions.TokenReveal)
        .Takes()
        .WithTags("Subjects")
        .WithSummary("Opens tokens")
        .WithDescription(
            "One token or several. Every value is charged to the caller's hourly quota and recorded with the reason before it leaves. Unknown, erased and "
            + "foreign tokens have no value, and cost the same.")
        .WithExample("""{"tokens":["sub3_0000000000000000000000000a"],"reason":"Support ticket OPS-1234"}""")
        .Accepts<RevealRequestDocument>("application/json")
        .Produces<RevealDocument>()
        .Refuses(400, 415, 422);

    /// <summary>A reason goes into the log, where nothing can be erased.</summary>
    public static string Reason(string reason, ValueDetector detector) => detector.Find(RevealService.CheckReason(reason)).Count == 0
        ? reason
        : throw new RevealRefusedException(
            RevealRefusedException.InvalidReason,
            "The reason holds what looks like somebody's data, and it would stay in the audit log: name the ticket instead.",
            "reason");

    private static async Task<IResult> RevealAsync(HttpContext context, RevealService reveals, ValueDetector detector, CancellationToken cancellationToken)
    {
        RevealRequestDocument request = await RequestBody.ReadJsonAsync<RevealRequestDocument>(context.Request, cancellationToken);
        IReadOnlyList<string> tokens = (request.Token, request.Tokens) switch
        {
            ({ } one, null) => [one],
            (null, { } several) => several,
            _ => throw new RevealRefusedException(RevealRefusedException.InvalidBatch, "Give either token or tokens.", "tokens"),
        };
        IReadOnlyList<RevealedValue> values = await reveals.RevealAsync(context.Caller(), tokens, Reason(request.Reason, detector), cancellationToken);
        CallRecorder.MarkRecorded(context);
        return TypedResults.Json(
            new RevealDocument([.. values.Select(v => new RevealedValueDocument(v.Token, v.Field, v.Value))]), OpalineJson.Options);
    }
}
