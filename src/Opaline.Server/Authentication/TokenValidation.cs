using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Opaline.Server.Configuration;
using Opaline.Server.Problems;

namespace Opaline.Server.Authentication;

/// <summary>Which tokens are believed: our own, and those of the configured outside authorities. Algorithm, issuer, audience and type are pinned.</summary>
internal static class TokenValidation
{
    private const string Bearer = "Bearer ";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddTokenValidation(this IServiceCollection services, OpalineOptions options)
    {
        AuthenticationBuilder authentication = services.AddAuthentication(Schemes.ByIssuer)
            .AddPolicyScheme(Schemes.ByIssuer, null, policy => policy.ForwardDefaultSelector = context => SchemeOf(context, options.Authentication))
            .AddJwtBearer(Schemes.Own, _ => { });
        services.AddOptions<JwtBearerOptions>(Schemes.Own).Configure<SigningKey>((bearer, key) => ConfigureOwn(bearer, options.Authentication, key));
        foreach (AuthoritySection authority in options.Authentication.Authorities)
            authentication.AddJwtBearer(Schemes.Of(authority.Name), bearer => ConfigureOutside(bearer, authority));
        return services;
    }

    private static void ConfigureOwn(JwtBearerOptions bearer, AuthenticationSection own, SigningKey key)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = Pinned(own.Issuer, own.Audience, [SecurityAlgorithms.EcdsaSha256]);
        bearer.TokenValidationParameters.ValidTypes = ["at+jwt"];
        bearer.TokenValidationParameters.IssuerSigningKey = key.Security;
    }

    private static void ConfigureOutside(JwtBearerOptions bearer, AuthoritySection authority)
    {
        bearer.MapInboundClaims = false;
        bearer.Authority = authority.Issuer;
        bearer.RequireHttpsMetadata = authority.Issuer.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal);
        bearer.TokenValidationParameters = Pinned(
            authority.Issuer, authority.Audience, authority.Algorithms.Count > 0 ? authority.Algorithms : AuthoritySection.KnownAlgorithms);
        bearer.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = OutsideCaller.Translate(context.Principal!, authority);
                return Task.CompletedTask;
            },
            OnAuthenticationFailed = static context => TellIfUnreachableAsync(context),
        };
    }

    // A key that is not known may be one that could not be fetched: that is not the caller's fault.
    private static async Task TellIfUnreachableAsync(AuthenticationFailedContext context)
    {
        if (context.Exception is not SecurityTokenSignatureKeyNotFoundException || context.Options.ConfigurationManager is not { } keys)
            return;
        try
        {
            await keys.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable,
                ProblemCodes.AuthorityUnavailable,
                "The token's authority could not be asked for its keys. Try again, or use a client of this server.");
        }
    }

    private static TokenValidationParameters Pinned(string issuer, string audience, IEnumerable<string> algorithms) => new()
    {
        ValidIssuer = issuer,
        ValidateIssuer = true,
        ValidAudience = audience,
        ValidateAudience = true,
        ValidAlgorithms = algorithms,
        ValidateIssuerSigningKey = true,
        ValidateLifetime = true,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = Skew,
        NameClaimType = ClaimNames.Subject,
        RoleClaimType = ClaimNames.Role,
    };

    // The issuer is read before anything is verified, so it only chooses who verifies. Whatever nobody claims goes to our own scheme, which refuses it.
    private static string SchemeOf(HttpContext context, AuthenticationSection authentication)
    {
        string? header = context.Request.Headers.Authorization;
        if (authentication.Authorities.Count == 0 || header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Schemes.Own;
        string token = header[Bearer.Length..].Trim();
        JsonWebTokenHandler handler = new();
        if (!handler.CanReadToken(token))
            return Schemes.Own;
        try
        {
            string issuer = handler.ReadJsonWebToken(token).Issuer;
            return authentication.Authorities.Find(a => a.Issuer == issuer) is { } authority ? Schemes.Of(authority.Name) : Schemes.Own;
        }
        catch (ArgumentException)
        {
            return Schemes.Own;
        }
    }
}
