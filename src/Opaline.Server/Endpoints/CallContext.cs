using Opaline.Access;
using Opaline.Catalog;
using Opaline.Server.Authentication;
using Opaline.Server.Problems;
using Opaline.Storage;

namespace Opaline.Server.Endpoints;

/// <summary>What an endpoint behind the API's doors may count on.</summary>
internal static class CallContext
{
    /// <summary>The caller; authorization has made sure that there is one.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.Get<CallIdentity>()?.Caller
        ?? throw new InvalidOperationException("An endpoint of the API was reached without a caller.");

    /// <summary>The dataset of that name, or a 404. A name that cannot be one is not repeated.</summary>
    public static Dataset Dataset(this HttpContext context, CatalogStore catalog, string name) => catalog.Find(context.Caller().Tenant, name)
        ?? throw new ProblemException(
            StatusCodes.Status404NotFound, ProblemCodes.UnknownDataset, "There is no dataset of this name; GET /api/v1/datasets lists them.", "dataset");
}
