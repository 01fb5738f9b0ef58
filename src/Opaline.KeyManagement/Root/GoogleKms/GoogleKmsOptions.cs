namespace Opaline.KeyManagement;

/// <summary>Which key of Google Cloud KMS is the root key.</summary>
/// <param name="Key">Its resource name: <c>projects/P/locations/L/keyRings/R/cryptoKeys/K</c>; a symmetric key for encryption.</param>
public sealed record GoogleKmsOptions(string Key)
{
    /// <summary>Address of the service.</summary>
    public Uri Address { get; init; } = new("https://cloudkms.googleapis.com/");
}
