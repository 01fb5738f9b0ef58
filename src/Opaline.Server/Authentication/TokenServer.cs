using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Opaline.Server.Configuration;
using Opaline.Storage;

namespace Opaline.Server.Authentication;

/// <summary>The embedded OAuth 2.0 server: client credentials only, short signed tokens, nothing stored of them.</summary>
internal static class TokenServer
{
    public const string TokenPath = "/connect/token";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Whether the request is for a token.</summary>
    public static bool Serves(HttpContext context) => context.Request.Path.Equals(TokenPath, StringComparison.OrdinalIgnoreCase);

    public static IServiceCollection AddTokenServer(this IServiceCollection services, OpalineOptions options)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<ControlContext>())
            .AddServer(server =>
            {
                server.SetTokenEndpointUris(TokenPath.TrimStart('/'))
                    .SetConfigurationEndpointUris(Array.Empty<Uri>())
                    .SetJsonWebKeySetEndpointUris(Array.Empty<Uri>())
                    .SetIssuer(options.Authentication.Issuer)
                    .SetAccessTokenLifetime(Lifetime)
                    .AllowClientCredentialsFlow()
                    .DisableTokenStorage()
                    .DisableAuthorizationStorage()
                    .DisableAccessTokenEncryption()
                    // OpenIddict asks for one, though nothing here is ever encrypted with it.
                    .AddEncryptionKey(new SymmetricSecurityKey(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
                server.UseAspNetCore()
                    .EnableTokenEndpointPassthrough()
                    // Plain HTTP is for loopback, and for a proxy that ends TLS.
                    .DisableTransportSecurityRequirement();
                server.AddEventHandler(LoginRecord.Descriptor);
            });
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider =>
            new ConfigureNamedOptions<OpenIddictServerOptions>(
                Options.DefaultName, o => o.SigningCredentials.Add(provider.GetRequiredService<SigningKey>().Credentials)));
        services.AddScoped<LoginRecord>();
        services.AddScoped<ClientStore>();
        return services;
    }
}
