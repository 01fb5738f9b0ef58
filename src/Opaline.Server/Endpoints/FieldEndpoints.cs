using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Server.Problems;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>The fields of a dataset: declared ahead, or first seen in traffic and then confirmed.</summary>
internal static class FieldEndpoints
{
    public static void MapFields(this RouteGroupBuilder api)
    {
        api.MapGet("/datasets/{dataset}/fields", List)
            .Guarded(Permission.ReadCatalog, AuditActions.CatalogRead)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Lists a dataset's fields")
            .WithDescription("The confirmed ones; an Admin sees all, the suggested ones too.")
            .Produces<IReadOnlyList<FieldDocument>>()
            .Refuses(404);
        api.MapPost("/datasets/{dataset}/fields", AddAsync)
            .Guarded(Permission.ManageCatalog, AuditActions.CatalogChange)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Declares further fields")
            .WithDescription("An array of fields. Rows that were stored before have no value in them.")
            .WithExample("""[{"name":"metadata.device","role":"dimension","domain":["mobile","desktop","tablet"]}]""")
            .Accepts<IReadOnlyList<FieldDeclarationDocument>>("application/json")
            .Produces<DatasetDocument>()
            .Refuses(400, 404, 409, 415, 422);
        api.MapPatch("/datasets/{dataset}/fields/{field}", ChangeAsync)
            .Guarded(Permission.ManageCatalog, AuditActions.CatalogChange)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Confirms or changes a field")
            .WithDescription(
                "What is absent stays. Analysts see a field once its state is confirmed. Another treatment holds for rows that come from now on. "
                + "If the field has a stored column, confirmed or not, that column and every value in it are lost: such a change is refused "
                + "with 409 would_discard unless discard_stored is true.")
            .WithExample("""{"state":"confirmed","role":"dimension","domain":["mobile","desktop","tablet"]}""")
            .Accepts<FieldChangeDocument>("application/json")
            .Produces<DatasetDocument>()
            .Refuses(400, 404, 409, 415, 422);
    }

    private static IResult List(string dataset, HttpContext context, CatalogStore catalog)
    {
        DatasetDocument document = DatasetDocuments.Write(context.Dataset(catalog, dataset), DatasetEndpoints.SeesAll(context.Caller()));
        return TypedResults.Json(document.Fields, OpalineJson.Options);
    }

    private static async Task<IResult> AddAsync(
        string dataset, HttpContext context, CatalogStore catalog, IControlStore store, IEventStore events, CallRecorder recorder, CancellationToken cancellationToken)
    {
        Dataset target = context.Dataset(catalog, dataset);
        IReadOnlyList<FieldDeclaration> fields = FieldDocuments.Read(
            await RequestBody.ReadJsonAsync<IReadOnlyList<FieldDeclarationDocument>>(context.Request, cancellationToken));
        Dataset changed = await recorder.ChangeAsync(
            context,
            store,
            CallRecorder.DatasetObject(target.Name),
            transaction =>
            {
                // Looked at inside the transaction: the one writer makes the check and the change one step.
                Dataset current = catalog.Find(target.Id) ?? target;
                for (int i = 0; i < fields.Count; i++)
                {
                    if (current.Find(fields[i].Name) is not null)
                        throw new CatalogRuleException("name_taken", $"[{i}].name", "The dataset has a field of this name; change it with PATCH.");
                }

                if (current.Fields.Length + fields.Count > DatasetRules.MaxFields)
                    throw new CatalogRuleException("too_many", "$", $"A dataset has at most {DatasetRules.MaxFields} fields.");
                return catalog.AddFields(transaction, target.Id, fields);
            },
            _ => CatalogRecords.Added(fields),
            cancellationToken);
        // The change is made: whoever asked for it may hang up, but its columns must come all the same.
        await events.PrepareAsync(changed, CancellationToken.None);
        return TypedResults.Json(DatasetDocuments.Write(changed, all: true), OpalineJson.Options);
    }

    private static async Task<IResult> ChangeAsync(
        string dataset,
        string field,
        HttpContext context,
        CatalogStore catalog,
        IControlStore store,
        IEventStore events,
        CallRecorder recorder,
        CancellationToken cancellationToken)
    {
        Dataset target = context.Dataset(catalog, dataset);
        FieldChangeDocument change = await RequestBody.ReadJsonAsync<FieldChangeDocument>(context.Request, cancellationToken);
        Func<Field, Field> apply = FieldDocuments.ReadChange(change);
        (Dataset changed, _) = await recorder.ChangeAsync(
            context,
            store,
            CallRecorder.DatasetObject(target.Name),
            transaction =>
            {
                string detail = "";
                Dataset made = catalog.ChangeField(transaction, target.Id, field, before =>
                {
                    Field after = apply(before);
                    RefuseLoss(before, after, change.DiscardStored);
                    detail = CatalogRecords.Changed(before, after);
                    return after;
                });
                return (made, detail);
            },
            static made => made.detail,
            cancellationToken);
        // The change is made: whoever asked for it may hang up, but its columns must come all the same.
        await events.PrepareAsync(changed, CancellationToken.None);
        return TypedResults.Json(DatasetDocuments.Write(changed, all: true), OpalineJson.Options);
    }

    // A change that a rule refuses anyway is told so by the catalog, not asked to be confirmed first.
    private static void RefuseLoss(Field before, Field after, bool confirmed)
    {
        if (confirmed || !before.LosesColumnAs(after) || FieldRules.CheckChange(before, after).Count > 0)
            return;
        throw new CatalogRuleException(
            ProblemCodes.WouldDiscard,
            "discard_stored",
            "Another treatment begins with an empty column: this field's stored column and every value in it would be lost for good. "
            + "Send \"discard_stored\": true with the change if that is meant.");
    }
}
