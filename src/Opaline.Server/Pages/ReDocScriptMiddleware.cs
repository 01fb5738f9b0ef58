using System.Text;

namespace Opaline.Server.Pages;

/// <summary>
/// ReDoc's script shows its makers' logo from their own host, which would tell them who reads this documentation; the policy of the page refuses it,
/// and the browser complains. Here the logo's address becomes an empty picture.
/// </summary>
internal sealed class ReDocScriptMiddleware(RequestDelegate next)
{
    private const string Script = ApiPages.ReDoc + "/redoc.standalone.js";
    private const string LogoFolder = "https://cdn.redoc.ly/redoc/";
    private const string NoPicture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7#";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.Equals(Script, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        context.Request.Headers.AcceptEncoding = default;
        Stream answer = context.Response.Body;
        using MemoryStream script = new();
        context.Response.Body = script;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = answer;
        }

        if (script.Length == 0)
            return;
        byte[] changed = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(script.GetBuffer(), 0, (int)script.Length).Replace(LogoFolder, NoPicture, StringComparison.Ordinal));
        context.Response.ContentLength = changed.Length;
        await answer.WriteAsync(changed, context.RequestAborted);
    }
}
