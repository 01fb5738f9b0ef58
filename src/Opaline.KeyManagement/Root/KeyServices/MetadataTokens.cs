namespace Opaline.KeyManagement;

/// <summary>
/// Access tokens of the machine's own identity, from the metadata server of Google Cloud or Azure (OAuth 2.0 answer with <c>access_token</c> and <c>expires_in</c>). A
/// token is kept until a minute before it expires.
/// </summary>
public sealed class MetadataTokens : IAccessTokens, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly KeyServiceChannel _channel;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _asking = new(1);
    private string? _token;
    private DateTimeOffset _until;

    private MetadataTokens(KeyServiceChannel channel, string path, TimeProvider time)
    {
        _channel = channel;
        _path = path;
        _time = time;
    }

    /// <summary>The default service account of a machine in Google Cloud.</summary>
    /// <param name="http">Sends; must not follow redirects or use a proxy.</param>
    /// <param name="time">Tells when a token expires.</param>
    /// <param name="address">Another address of the metadata server.</param>
    public static MetadataTokens Google(HttpClient http, TimeProvider time, Uri? address = null) => new(
        new KeyServiceChannel(http, address ?? new Uri("http://metadata.google.internal/"), time, request => request.Headers.Add("Metadata-Flavor", "Google")),
        "computeMetadata/v1/instance/service-accounts/default/token",
        time);

    /// <summary>The managed identity of a machine in Azure, for Key Vault.</summary>
    /// <param name="http">Sends; must not follow redirects or use a proxy.</param>
    /// <param name="time">Tells when a token expires.</param>
    /// <param name="address">Another address of the metadata server.</param>
    public static MetadataTokens Azure(HttpClient http, TimeProvider time, Uri? address = null) => new(
        new KeyServiceChannel(http, address ?? new Uri("http://169.254.169.254/"), time, request => request.Headers.Add("Metadata", "true")),
        "metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net",
        time);

    /// <inheritdoc/>
    public async ValueTask<string> ExposeAsync(bool renew, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (renew || _token is null || _time.GetUtcNow() >= _until)
            {
                using KeyServiceAnswer answer = await _channel.SendAsync(HttpMethod.Get, _path, null, true, cancellationToken).ConfigureAwait(false);
                if (answer.Status != 200)
                    throw new KeyUnavailableException(KeyFailure.Denied, "The metadata server gives no access token: this machine has no identity.");
                _token = answer.Text("access_token");
                // Azure writes the number as a text.
                _until = _time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(answer.Number("expires_in"), 0, 86_400)) - Margin;
            }
            return _token;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _asking.Dispose();
}
