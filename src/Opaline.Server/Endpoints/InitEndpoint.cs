using Opaline.Audit;
using Opaline.Client.Contracts;
using Opaline.Server.Auditing;
using Opaline.Server.Authentication;
using Opaline.Server.Limits;
using Opaline.Server.OpenApi;
using Opaline.Server.Problems;

namespace Opaline.Server.Endpoints;

/// <summary>
/// Gives out the first credentials of a server that listens beyond loopback: once, to whoever can read the code that the server
/// left in its key folder. On loopback there is nothing to do here, since the credentials lie in that folder.
/// </summary>
internal static class InitEndpoint
{
    public static void MapInit(this IEndpointRouteBuilder routes) => routes.MapPost(OpalineApi.Root + "/init", InitializeAsync)
        .AllowAnonymous()
        .WithMetadata(new AuditedCall(AuditActions.System))
        .Takes()
        .WithTags("Access")
        .WithSummary("Makes the first clients")
        .WithDescription("Once, on a server that listens beyond loopback and has no client yet. The code lies in keys/init.code on its machine.")
        .WithExample("""{"code":"the content of keys/init.code"}""")
        .Accepts<InitRequestDocument>("application/json")
        .Produces<IReadOnlyList<CredentialDocument>>()
        .Refuses(400, 403, 409, 415);

    private static async Task<IResult> InitializeAsync(HttpContext context, FirstStart firstStart, CancellationToken cancellationToken)
    {
        InitRequestDocument request = await RequestBody.ReadJsonAsync<InitRequestDocument>(context.Request, cancellationToken);
        IReadOnlyList<CredentialDocument> credentials = await firstStart.RedeemAsync(request.Code, cancellationToken)
            ?? throw new ProblemException(
                StatusCodes.Status409Conflict, ProblemCodes.AlreadyInitialized, "This server has its clients already; their credentials were given out once.");
        return TypedResults.Json(credentials, OpalineJson.Options);
    }
}
