using System.Text.Json;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Storage;
using Opaline.TokenVault;

namespace Opaline.Server.Endpoints;

/// <summary>From a raw identifier to an opaque id. The identifier stands in the body, since addresses end up in logs.</summary>
internal static class SubjectEndpoints
{
    public static void MapSubjects(this RouteGroupBuilder api) => api.MapPost("/subjects/lookup", LookUpAsync)
        .Guarded(Permission.LookUpSubjects, AuditActions.SubjectLookup)
        .Takes()
        .WithTags("Subjects")
        .WithSummary("Turns an identifier into an opaque id")
        .WithDescription("For an Admin who serves a person's request. The id is null if nobody of that identifier is known.")
        .WithExample("""{"identifier":"user@example.com","dataset":"events"}""")
        .Accepts<LookupRequestDocument>("application/json")
        .Produces<LookupDocument>()
        .Refuses(400, 404, 415);

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
}
