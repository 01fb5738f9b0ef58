using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>The catalog's datasets.</summary>
internal static class DatasetEndpoints
{
    private const string Example = """
        {"name":"purchases","time_zone":"UTC","public_range":{"from":"2020-01-01T00:00:00Z","to":"2030-01-01T00:00:00Z"},
         "contribution":{"groups":12,"rows_per_group":5},
         "fields":[{"name":"customer_id","role":"subject"},{"name":"date","role":"time","type":"date"},
                   {"name":"dollars","role":"measure","measure":{"lower":0,"upper":200,"granularity":0.01}}]}
        """;

    public static void MapDatasets(this RouteGroupBuilder api)
    {
        api.MapGet("/datasets", List)
            .Guarded(Permission.ReadCatalog, AuditActions.CatalogRead)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Lists the datasets")
            .WithDescription("With their confirmed fields and metrics; an Admin sees all fields.")
            .Produces<DatasetListDocument>();
        api.MapGet("/datasets/{dataset}", Read)
            .Guarded(Permission.ReadCatalog, AuditActions.CatalogRead)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Shows a dataset")
            .WithDescription("Its zone, privacy unit, public range, bounds, confirmed fields and metrics; an Admin sees all fields.")
            .Produces<DatasetDocument>()
            .Refuses(404);
        api.MapPost("/datasets", CreateAsync)
            .Guarded(Permission.ManageCatalog, AuditActions.CatalogChange)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Declares a dataset")
            .WithDescription("Scope, zone, unit and public range cannot be changed later. Exactly one field is the subject and one the time.")
            .WithExample(Example)
            .Accepts<DatasetDeclarationDocument>("application/json")
            .Produces<DatasetDocument>(StatusCodes.Status201Created)
            .Refuses(400, 409, 415, 422);
        api.MapPatch("/datasets/{dataset}", ChangeAsync)
            .Guarded(Permission.ManageCatalog, AuditActions.CatalogChange)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Sets a dataset's bounds")
            .WithDescription(
                "Contribution bounds of queries that name none, the fewest people behind a key without a public domain that may ever be told, and what becomes of "
                + "the rows of people who are erased from now on. What is absent stays.")
            .WithExample("""{"contribution":{"groups":4,"rows_per_group":8},"minimum_units":20,"erased_rows":"anonymize"}""")
            .Accepts<DatasetChangeDocument>("application/json")
            .Produces<DatasetDocument>()
            .Refuses(400, 404, 415, 422);
    }

    /// <summary>Whether the caller sees fields that nobody has confirmed yet.</summary>
    internal static bool SeesAll(Caller caller) => RolePermissions.Has(caller.Role, Permission.ManageCatalog);

    private static IResult List(HttpContext context, CatalogStore catalog)
    {
        Caller caller = context.Caller();
        return TypedResults.Json(
            new DatasetListDocument([.. catalog.List(caller.Tenant).Select(d => DatasetDocuments.Write(d, SeesAll(caller)))]), OpalineJson.Options);
    }

    private static IResult Read(string dataset, HttpContext context, CatalogStore catalog) =>
        TypedResults.Json(DatasetDocuments.Write(context.Dataset(catalog, dataset), SeesAll(context.Caller())), OpalineJson.Options);

    private static async Task<IResult> ChangeAsync(
        string dataset, HttpContext context, CatalogStore catalog, IControlStore store, CallRecorder recorder, CancellationToken cancellationToken)
    {
        Dataset target = context.Dataset(catalog, dataset);
        DatasetChangeDocument change = await RequestBody.ReadJsonAsync<DatasetChangeDocument>(context.Request, cancellationToken);
        ContributionBounds? bounds = change.Contribution is { } given ? new ContributionBounds(given.Groups, given.RowsPerGroup) : null;
        ErasedRows? erased = DatasetDocuments.ReadErasedRows(change.ErasedRows);
        Dataset changed = await recorder.ChangeAsync(
            context,
            store,
            CallRecorder.DatasetObject(target.Name),
            transaction => catalog.ChangeBounds(transaction, target.Id, bounds, change.MinimumUnits, erased),
            CatalogRecords.Bounded,
            cancellationToken);
        return TypedResults.Json(DatasetDocuments.Write(changed, all: true), OpalineJson.Options);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, CatalogStore catalog, IControlStore store, CallRecorder recorder, IEventStore events, CancellationToken cancellationToken)
    {
        DatasetDeclarationDocument document = await RequestBody.ReadJsonAsync<DatasetDeclarationDocument>(context.Request, cancellationToken);
        DatasetDeclaration declaration = DatasetDocuments.Read(document, context.Caller().Tenant);
        Dataset dataset = await recorder.ChangeAsync(
            context,
            store,
            CallRecorder.DatasetObject(declaration.Name),
            transaction => catalog.Create(transaction, declaration),
            CatalogRecords.Created,
            cancellationToken);
        // The dataset is declared: whoever asked for it may hang up, but its table must come all the same.
        await events.PrepareAsync(dataset, CancellationToken.None);
        context.Response.Headers.Location = $"{OpalineApi.Root}/datasets/{dataset.Name}";
        return TypedResults.Json(DatasetDocuments.Write(dataset, all: true), OpalineJson.Options, statusCode: StatusCodes.Status201Created);
    }
}
