using Opaline.Analytics;
using Opaline.Audit;
using Opaline.KeyManagement;
using Opaline.Server.Authentication;
using Opaline.Server.Configuration;
using Opaline.Server.Endpoints;
using Opaline.Server.Keys;
using Opaline.Server.Limits;
using Opaline.Server.Pages;
using Opaline.Server.Problems;
using Opaline.Server.RateLimiting;
using Opaline.Storage;

namespace Opaline.Server;

/// <summary>The whole server: configured, opened, ready to run.</summary>
internal static class OpalineServer
{
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    /// <exception cref="KeyUnavailableException">A key cannot be opened.</exception>
    /// <exception cref="StorageFailureException">A store is damaged or cannot be opened.</exception>
    public static async Task<WebApplication> OpenAsync(string[] args, Action<WebApplicationBuilder>? customize = null)
    {
        // The settings file lies beside the program; data and keys lie where the server is started.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        OpalineOptions options = OpalineConfiguration.Read(builder.Configuration);
        IReadOnlyList<string> urls = Bindings.Configured(builder.Configuration);
        if (urls.Count == 0)
            builder.WebHost.UseUrls(Bindings.Default);
        string? passphraseFile = options.Keys.PassphraseFile is { Length: > 0 } file ? file : builder.Configuration["OPALINE_KEY_PASSPHRASE_FILE"];

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        Reach reach = new(Bindings.AreLoopback(urls));
        ServerKeys keys = await ServerKeys.OpenAsync(options, reach, passphraseFile, CancellationToken.None);
        WebApplication app = Build(builder, options, reach, keys, customize);
        try
        {
            await OpenAsync(app);
            Use(app);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(
        WebApplicationBuilder builder, OpalineOptions options, Reach reach, ServerKeys keys, Action<WebApplicationBuilder>? customize)
    {
        try
        {
            builder.Services.AddOpaline(options, reach, keys);
            customize?.Invoke(builder);
            return builder.Build();
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Everything that may fail at a start fails here, before the first connection is taken.</summary>
    private static async Task OpenAsync(WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerKeys>().Warning is { } warning)
            app.Logger.LogWarning("{Warning}", warning);
        _ = app.Services.GetRequiredService<IEventStore>();
        await app.Services.GetRequiredService<BudgetService>().CheckAsync(CancellationToken.None);
        await app.Services.GetRequiredService<AuditLog>().ApplyPolicyAsync(CancellationToken.None);
        await app.Services.GetRequiredService<FirstStart>().RunAsync(CancellationToken.None);
    }

    private static void Use(WebApplication app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<BodyLimitMiddleware>();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseWhen(TokenServer.Serves, static token => token.UseMiddleware<RateLimitMiddleware>((Func<HttpContext, RateKey>)RateKey.OfTokenRequest));
        app.UseAuthentication();
        app.UseMiddleware<CallIdentityMiddleware>();
        app.UseWhen(static context => !TokenServer.Serves(context), static call => call.UseMiddleware<RateLimitMiddleware>((Func<HttpContext, RateKey>)RateKey.OfCall));
        app.UseApiPages();
        app.UseAuthorization();
        app.MapOpaline();
    }
}
