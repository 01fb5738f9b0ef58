namespace Opaline.KeyManagement;

/// <summary>Which key of a transit engine of HashiCorp Vault or OpenBao is the root key.</summary>
/// <param name="Address">Address of the server, such as <c>https://vault.example.org:8200/</c>.</param>
/// <param name="Key">Name of a key of type <c>aes256-gcm96</c>.</param>
public sealed record VaultTransitOptions(Uri Address, string Key)
{
    /// <summary>Where the engine is mounted.</summary>
    public string Mount { get; init; } = "transit";

    /// <summary>The namespace, or null.</summary>
    public string? Namespace { get; init; }
}
