namespace Opaline.Server.Configuration;

/// <summary>Which key of Azure Key Vault is the root key.</summary>
internal sealed class AzureKeySection
{
    /// <summary>Address of the vault.</summary>
    public string Vault { get; init; } = "";

    /// <summary>Name of an RSA key.</summary>
    public string Key { get; init; } = "";

    /// <summary>File with an access token that somebody keeps fresh; empty: the machine's managed identity.</summary>
    public string TokenFile { get; init; } = "";

    internal void Check(Faults faults)
    {
        faults.Require(KeyServiceAddress.IsSafe(Vault), nameof(Vault), KeyServiceAddress.Rule);
        faults.Require(KeyManagement.AzureKeyVault.IsKey(Key), nameof(Key), "must be the name of a key, such as opaline.");
        faults.Require(TokenFile.Length == 0 || File.Exists(TokenFile), nameof(TokenFile), "names a file that is not there or may not be read.");
    }
}
