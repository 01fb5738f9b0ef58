using Opaline.Server.Pages;

namespace Opaline.Server.Endpoints;

/// <summary>The contract, and the way to its pages.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        routes.MapGet("/", static () => TypedResults.Redirect(ApiPages.Docs)).AllowAnonymous().ExcludeFromDescription();
    }
}
