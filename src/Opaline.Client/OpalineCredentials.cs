namespace Opaline.Client;

/// <summary>OAuth 2.0 client credentials.</summary>
/// <param name="ClientId">The client's id.</param>
/// <param name="ClientSecret">Its secret.</param>
public sealed record OpalineCredentials(string ClientId, string ClientSecret)
{
    /// <summary>Names the client only: a secret must not reach a log by being printed.</summary>
    public override string ToString() => ClientId;
}
