using Opaline.Access;
using Opaline.Server.Auditing;
using Opaline.Server.Authorization;

namespace Opaline.Server.Endpoints;

/// <summary>Everything under <c>/api/v1</c>, one file per resource.</summary>
internal static class OpalineApi
{
    public const string Root = "/api/v1";

    public static void MapOpaline(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup(Root);
        api.AddEndpointFilter<RecordBeforeAnswer>();
        api.MapEvents();
        api.MapDatasets();
        api.MapFields();
        api.MapMetrics();
        api.MapMetricAnswers();
        api.MapQueries();
        api.MapBudget();
        api.MapAudit();
        api.MapSubjects();
        api.MapReveals();
        api.MapErasures();
        api.MapKeys();
        routes.MapToken();
        routes.MapInit();
        routes.MapHealth();
        routes.MapPages();
    }

    /// <summary>Says what a call needs and how it stands in the audit log: no endpoint of the API goes without either.</summary>
    public static RouteHandlerBuilder Guarded(
        this RouteHandlerBuilder builder, Permission permission, string action) =>
        builder.Needs(permission).WithMetadata(new AuditedCall(action));
}
