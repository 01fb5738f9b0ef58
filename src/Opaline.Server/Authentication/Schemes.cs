namespace Opaline.Server.Authentication;

/// <summary>Names of the authentication schemes.</summary>
internal static class Schemes
{
    /// <summary>Looks at a token's issuer and hands on to the scheme that knows it.</summary>
    public const string ByIssuer = "ByIssuer";

    /// <summary>This server's own tokens.</summary>
    public const string Own = "Own";

    /// <summary>The tokens of an outside authority.</summary>
    public static string Of(string authority) => "Authority:" + authority;
}
