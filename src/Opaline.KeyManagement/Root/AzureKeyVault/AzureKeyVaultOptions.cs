namespace Opaline.KeyManagement;

/// <summary>Which key of Azure Key Vault is the root key.</summary>
/// <param name="Vault">Address of the vault, such as <c>https://example.vault.azure.net/</c>.</param>
/// <param name="Key">Name of an RSA key that may wrap and unwrap.</param>
public sealed record AzureKeyVaultOptions(Uri Vault, string Key);
