using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Opaline.Server.Tests.Authentication;

/// <summary>Makes tokens that differ from a good one in one thing.</summary>
internal static class ForgedTokens
{
    public const string Issuer = "http://localhost:8000/";
    public const string Audience = "opaline";

    /// <summary>A token like those of the server, signed by the given key.</summary>
    public static string Make(
        SigningCredentials? credentials,
        string issuer = Issuer,
        string audience = Audience,
        string type = "at+jwt",
        TimeSpan? age = null,
        Dictionary<string, object>? claims = null)
    {
        DateTime issued = TimeProvider.System.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            IssuedAt = issued,
            NotBefore = issued,
            Expires = issued + TimeSpan.FromMinutes(10),
            Claims = claims ?? new Dictionary<string, object> { ["sub"] = "admin", ["role"] = "admin", ["tenant"] = "default", ["department"] = "general" },
            SigningCredentials = credentials,
        });
    }

    /// <summary>The same token with another header and no signature.</summary>
    public static string WithoutSignature(string token)
    {
        string header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");
        return $"{header}.{token.Split('.')[1]}.";
    }

    /// <summary>The same token with another claim and the old signature.</summary>
    public static string WithClaim(string token, string name, string value)
    {
        string[] parts = token.Split('.');
        Dictionary<string, JsonElement> claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Base64UrlEncoder.DecodeBytes(parts[1]))!;
        claims[name] = JsonSerializer.SerializeToElement(value);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(claims)))}.{parts[2]}";
    }
}
