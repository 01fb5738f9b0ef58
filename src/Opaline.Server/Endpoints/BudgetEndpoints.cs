using Opaline.Access;
using Opaline.Analytics;
using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Documents;
using Opaline.Server.OpenApi;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>What may still be learnt.</summary>
internal static class BudgetEndpoints
{
    public static void MapBudget(this RouteGroupBuilder api) => api.MapGet("/budget", ReadAsync)
        .Guarded(Permission.ReadBudget, AuditActions.BudgetRead)
        .Takes(new QueryParameter("dataset", "Only the account of this dataset, besides the caller's own.", "events"))
        .WithTags("Analytics")
        .WithSummary("Shows the budgets")
        .WithDescription("The accounts of the datasets, of the caller's department and of the caller: limit, spent, left, and when more comes.")
        .Produces<BudgetDocument>()
        .Refuses(400, 404);

    private static async Task<IResult> ReadAsync(HttpContext context, BudgetService budgets, CatalogStore catalog, CancellationToken cancellationToken)
    {
        string? dataset = context.Request.Text("dataset");
        if (dataset is not null)
            _ = context.Dataset(catalog, dataset);
        // The service writes the record itself.
        BudgetView view = await budgets.ReadAsync(context.Caller(), cancellationToken);
        CallRecorder.MarkRecorded(context);
        return TypedResults.Json(AccountDocuments.Write(view, dataset), OpalineJson.Options);
    }
}
