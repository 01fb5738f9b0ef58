namespace Opaline.Server.Authentication;

/// <summary>Feature of a request that has passed authentication, whether or not it had a token.</summary>
internal sealed class AuthenticationDone
{
    public static AuthenticationDone Instance { get; } = new();
}
