namespace Opaline.Server.Configuration;

/// <summary>The address of a key service, which keys and access tokens are sent to.</summary>
internal static class KeyServiceAddress
{
    public const string Rule = "must be an absolute https URL that ends with a slash (http on loopback only).";

    public static bool IsSafe(string text) =>
        text.EndsWith('/') && AuthenticationSection.IsHttp(text, out Uri? uri) && (uri!.Scheme == Uri.UriSchemeHttps || uri.IsLoopback);
}
