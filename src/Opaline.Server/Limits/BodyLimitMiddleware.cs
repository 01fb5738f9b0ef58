using Microsoft.AspNetCore.Http.Features;
using Opaline.Server.Authentication;

namespace Opaline.Server.Limits;

/// <summary>The token endpoint takes a form of three short fields, from anybody: it reads no more than that.</summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next)
{
    private const long TokenFormBytes = 65_536;

    public Task InvokeAsync(HttpContext context)
    {
        if (TokenServer.Serves(context)
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = TokenFormBytes;
        }

        return next(context);
    }
}
