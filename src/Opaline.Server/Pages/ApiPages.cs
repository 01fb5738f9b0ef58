namespace Opaline.Server.Pages;

/// <summary>The pages that show the contract. Everything they need comes from this server.</summary>
internal static class ApiPages
{
    public const string Docs = "/docs";
    public const string ReDoc = "/redoc";
    public const string Contract = "/openapi/v1.json";

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
        app.UseReDoc(page =>
        {
            page.RoutePrefix = ReDoc.TrimStart('/');
            page.DocumentTitle = "Opaline";
            page.SpecUrl = Contract;
        });
    }
}
