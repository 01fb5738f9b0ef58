using System.Net;

namespace Opaline.Server.Pages;

/// <summary>Headers that keep a browser from doing anything with an answer but show it.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private const string ForData = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // Swagger UI sets styles on elements and has images as data: URLs.
    private const string ForSwagger =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // ReDoc writes its styles at run time and searches in a worker that it makes itself.
    private const string ForReDoc =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src blob:; child-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => WriteAsync((HttpContext)state), context);
        return next(context);
    }

    internal static Task WriteAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        PathString path = context.Request.Path;
        headers.ContentSecurityPolicy = path.StartsWithSegments(ApiPages.Docs, StringComparison.OrdinalIgnoreCase) ? ForSwagger
            : path.StartsWithSegments(ApiPages.ReDoc, StringComparison.OrdinalIgnoreCase) ? ForReDoc
            : ForData;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (context.Request.IsHttps && !IsLoopback(context.Request.Host.Host))
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return Task.CompletedTask;
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
