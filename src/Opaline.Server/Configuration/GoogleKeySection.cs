namespace Opaline.Server.Configuration;

/// <summary>Which key of Google Cloud KMS is the root key.</summary>
internal sealed class GoogleKeySection
{
    /// <summary>Resource name of the key.</summary>
    public string Key { get; init; } = "";

    /// <summary>File with an access token that somebody keeps fresh; empty: the machine's own service account.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Address of the service.</summary>
    public string Address { get; init; } = "https://cloudkms.googleapis.com/";

    internal void Check(Faults faults)
    {
        faults.Require(KeyManagement.GoogleKms.IsKey(Key), nameof(Key), "must be a name such as projects/P/locations/L/keyRings/R/cryptoKeys/K.");
        faults.Require(TokenFile.Length == 0 || File.Exists(TokenFile), nameof(TokenFile), "names a file that is not there or may not be read.");
        faults.Require(KeyServiceAddress.IsSafe(Address), nameof(Address), KeyServiceAddress.Rule);
    }
}
