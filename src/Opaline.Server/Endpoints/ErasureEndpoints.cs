using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Governance;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server.Endpoints;

/// <summary>Erasures of people and their receipts.</summary>
internal static class ErasureEndpoints
{
    private const string Algorithm = "ES256";

    public static void MapErasures(this RouteGroupBuilder api)
    {
        api.MapDelete("/subjects/{subject}", EraseAsync)
            .Guarded(Permission.EraseSubjects, AuditActions.SubjectErasure)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Erases a person")
            .WithDescription(
                "Takes effect at the next public tick: the person's key, values and rows go from every store. Location leads to the erasure, which "
                + "has a signed receipt when it is done. Asked again it is the same erasure; the person coming back is a new one, but no repetition of what was sent before brings them back.")
            .Produces<ErasureDocument>(StatusCodes.Status202Accepted)
            .Refuses(404);
        api.MapGet("/erasures/{erasure}", ReadAsync)
            .Guarded(Permission.ReadAudit, AuditActions.ErasureRead)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Shows an erasure")
            .WithDescription("How far it is, and once it is done the signed receipt, a JSON Web Signature. Its shred_horizon is the operator's word on how long older copies are kept; got again after it, the receipt says shredded_by.")
            .Produces<ErasureDocument>()
            .Refuses(404);
        api.MapGet("/erasures/key", (ReceiptKey key) => TypedResults.Json(new ReceiptKeyDocument(key.KeyId, Algorithm, key.Pem), OpalineJson.Options))
            .Guarded(Permission.ReadAudit, AuditActions.ErasureRead)
            .Takes()
            .WithTags("Subjects")
            .WithSummary("Shows the key of receipts")
            .WithDescription("The public key that receipts of erasures are verified by, in PEM. Keep it where the receipts are not.")
            .Produces<ReceiptKeyDocument>();
    }

    private static async Task<IResult> EraseAsync(
        string subject, HttpContext context, Vault vault, Shredder shredder, ErasureReceipts receipts, IControlStore store, CallRecorder recorder, CancellationToken cancellationToken)
    {
        KnownSubject known = await context.SubjectAsync(vault, subject, cancellationToken);
        Erasure erasure = await recorder.ChangeAsync(
            context,
            store,
            "subject/" + known.Token,
            transaction => shredder.Request(transaction, known, context.Caller()),
            made => JsonSerializer.Serialize(new { erasure = made.Name, requested = true }),
            cancellationToken);
        context.Response.Headers.Location = $"{OpalineApi.Root}/erasures/{erasure.Name}";
        return TypedResults.Json(Write(erasure, receipts), OpalineJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ReadAsync(
        string erasure, HttpContext context, Shredder shredder, ErasureReceipts receipts, CancellationToken cancellationToken)
    {
        Erasure found = await shredder.FindAsync(context.Caller().Tenant, erasure, cancellationToken)
            ?? throw new ProblemException(
                StatusCodes.Status404NotFound, ProblemCodes.UnknownErasure, "There is no erasure of this name; the answer to DELETE named it.", "erasure");
        CallRecorder.Describe(context, "erasure/" + found.Name, JsonSerializer.Serialize(new { erasure = found.Name }));
        return TypedResults.Json(Write(found, receipts), OpalineJson.Options);
    }

    private static ErasureDocument Write(Erasure erasure, ErasureReceipts receipts) => new(
        erasure.Name, erasure.SubjectToken, Words.Of(erasure.State), erasure.RequestedAt, erasure.AsOf, erasure.ErasedAt, receipts.Of(erasure));
}
