using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Opaline.Server.Tests.Authentication;

/// <summary>An OIDC authority that serves discovery and its key, and signs whatever it is told to.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _key = RSA.Create(2048);

    private TestAuthority(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    public SigningCredentials Credentials => new(new RsaSecurityKey(_key) { KeyId = "outside" }, SecurityAlgorithms.RsaSha256);

    /// <summary>The public key as a password, for the oldest trick.</summary>
    public SigningCredentials PublicKeyAsPassword =>
        new(new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()) { KeyId = "outside" }, SecurityAlgorithms.HmacSha256);

    public static async Task<TestAuthority> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        TestAuthority authority = new(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            $$"""{"issuer":"{{authority.Issuer}}","jwks_uri":"{{authority.Issuer}}/keys"}""", "application/json"));
        app.MapGet("/keys", () =>
        {
            RSAParameters key = authority._key.ExportParameters(includePrivateParameters: false);
            string n = Base64UrlEncoder.Encode(key.Modulus);
            string e = Base64UrlEncoder.Encode(key.Exponent);
            return Results.Text($$"""{"keys":[{"kty":"RSA","use":"sig","kid":"outside","n":"{{n}}","e":"{{e}}"}]}""", "application/json");
        });
        await app.StartAsync();
        return authority;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
