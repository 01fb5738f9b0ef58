using System.Text.Json;
using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Server.Limits;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>Named queries of a dataset.</summary>
internal static class MetricEndpoints
{
    private const string Example = """
        {"name":"daily_buyers","query":{"dataset":"purchases","measures":[{"function":"distinct_subjects"}],"group_by":[{"period":"day"}]},"listed_for_viewers":true}
        """;

    public static void MapMetrics(this RouteGroupBuilder api)
    {
        api.MapGet("/datasets/{dataset}/metrics", List)
            .Guarded(Permission.ReadCatalog, AuditActions.CatalogRead)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Lists a dataset's named metrics")
            .WithDescription("Besides them, <action>_count answers for any well-formed action of the events dataset.")
            .Produces<IReadOnlyList<MetricDocument>>()
            .Refuses(404);
        api.MapPut("/datasets/{dataset}/metrics/{metric}", PutAsync)
            .Guarded(Permission.ManageCatalog, AuditActions.CatalogChange)
            .Takes()
            .WithTags("Catalog")
            .WithSummary("Declares or replaces a metric")
            .WithDescription("Its query has no range: whoever asks gives one. A Viewer may read its released answers if it is listed for viewers.")
            .WithExample(Example)
            .Accepts<MetricDocument>("application/json")
            .Produces<DatasetDocument>()
            .Refuses(400, 404, 415, 422);
    }

    private static IResult List(string dataset, HttpContext context, CatalogStore catalog) => TypedResults.Json(
        DatasetDocuments.Write(context.Dataset(catalog, dataset), all: false).Metrics, OpalineJson.Options);

    private static async Task<IResult> PutAsync(
        string dataset, string metric, HttpContext context, CatalogStore catalog, IControlStore store, CallRecorder recorder, CancellationToken cancellationToken)
    {
        Dataset target = context.Dataset(catalog, dataset);
        MetricDocument document = await RequestBody.ReadJsonAsync<MetricDocument>(context.Request, cancellationToken);
        if (document.Name != metric)
            throw new CatalogRuleException("invalid_name", "name", "Give the name that stands in the address.");
        if (document.Query.ValueKind != JsonValueKind.Object)
            throw new CatalogRuleException("invalid_value", "query", "Give a query as a JSON object.");
        Query query = QueryJson.Parse(document.Query);
        if (query.Dataset != target.Name)
            throw new CatalogRuleException("invalid_value", "query.dataset", "Give the dataset that stands in the address.");
        if (query.From is not null || query.To is not null)
            throw new CatalogRuleException("invalid_value", "query", "Leave from and to out: whoever asks for the metric gives them.");
        Metric declared = new(document.Name, QueryJson.Write(query), document.ListedForViewers);
        Dataset changed = await recorder.ChangeAsync(
            context,
            store,
            CallRecorder.DatasetObject(target.Name),
            transaction => catalog.PutMetric(transaction, target.Id, declared),
            _ => CatalogRecords.Metric(declared),
            cancellationToken);
        return TypedResults.Json(DatasetDocuments.Write(changed, all: true), OpalineJson.Options);
    }
}
