namespace Opaline.Server.Configuration;

/// <summary>Which key of a transit engine of HashiCorp Vault or OpenBao is the root key.</summary>
internal sealed class VaultKeySection
{
    /// <summary>Address of the server.</summary>
    public string Address { get; init; } = "";

    /// <summary>Where the engine is mounted.</summary>
    public string Mount { get; init; } = "transit";

    /// <summary>Name of the key.</summary>
    public string Key { get; init; } = "";

    /// <summary>File with a token, such as the sink of Vault's agent.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>The namespace, or empty.</summary>
    public string Namespace { get; init; } = "";

    internal void Check(Faults faults)
    {
        faults.Require(KeyServiceAddress.IsSafe(Address), nameof(Address), KeyServiceAddress.Rule);
        faults.Require(Mount.Split('/').All(KeyManagement.VaultTransit.IsName), nameof(Mount), "must be the path of a mount, such as transit.");
        faults.Require(KeyManagement.VaultTransit.IsName(Key), nameof(Key), "must be the name of a key, such as opaline.");
        faults.Require(File.Exists(TokenFile), nameof(TokenFile), "must name a file with a token.");
        faults.Require(Namespace.All(c => c is > ' ' and <= '~'), nameof(Namespace), "must be the path of a namespace, or empty.");
    }
}
