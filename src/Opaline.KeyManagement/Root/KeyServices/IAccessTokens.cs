namespace Opaline.KeyManagement;

/// <summary>Where the access tokens for a key service come from. Safe for use by many threads.</summary>
public interface IAccessTokens
{
    /// <summary>A token that should be valid now.</summary>
    /// <param name="renew">Whether the service has just refused the one given last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">There is none.</exception>
    ValueTask<string> ExposeAsync(bool renew, CancellationToken cancellationToken);
}
