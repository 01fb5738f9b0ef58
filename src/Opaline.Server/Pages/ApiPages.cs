namespace Opaline.Server.Pages;

/// <summary>The pages that show the contract. Everything they need comes from this server.</summary>
internal static class ApiPages
{
    public const string Docs = "/docs";
    public const string ReDoc = "/redoc";
    public const string Contract = "/openapi/v1.json";

    // The page that comes with it would fetch its fonts from elsewhere.
    private static ReadOnlySpan<byte> ReDocPage => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Opaline</title>
          <link rel="icon" href="data:,">
          <link href="index.css" rel="stylesheet">
        </head>
        <body>
          <div id="redoc-container"></div>
          <script type="module" src="index.js"></script>
        </body>
        </html>
        """u8;

    public static void UseApiPages(this IApplicationBuilder app)
    {
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Docs.TrimStart('/');
            page.DocumentTitle = "Opaline";
            page.SwaggerEndpoint(Contract, "Opaline");
            page.EnableDeepLinking();
            page.ConfigObject.PersistAuthorization = false;
            // Their online validator would be told the address of this server.
            page.ConfigObject.ValidatorUrl = null;
        });
        app.UseMiddleware<ReDocScriptMiddleware>();
        app.UseReDoc(page =>
        {
            page.RoutePrefix = ReDoc.TrimStart('/');
            page.DocumentTitle = "Opaline";
            page.SpecUrl = Contract;
            // It would report every visit to its makers. The page's security policy does not let it out either.
            page.ConfigObject.AdditionalItems["disableTelemetry"] = true;
            page.IndexStream = static () => new MemoryStream(ReDocPage.ToArray());
        });
    }
}
