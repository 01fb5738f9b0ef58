using Opaline.KeyManagement;
using Opaline.Server.Configuration;

namespace Opaline.Server.Keys;

/// <summary>Opens the root key where the configuration says that it is.</summary>
internal static class RootKeySource
{
    /// <exception cref="KeyUnavailableException">It cannot be opened.</exception>
    public static IRootKey Open(KeysSection keys, Reach reach, string? passphraseFile, TimeProvider time) => keys.TokenizationKeySource switch
    {
        KeysSection.Aws => new AwsKms(new AwsKmsOptions(keys.AwsKms.Alias)
        {
            Region = Given(keys.AwsKms.Region), Address = Given(keys.AwsKms.Address) is { } address ? new Uri(address) : null, DeletionDays = keys.AwsKms.DeletionDays,
        }),
        KeysSection.Google => new GoogleKms(
            new GoogleKmsOptions(keys.GoogleKms.Key) { Address = new Uri(keys.GoogleKms.Address) },
            Given(keys.GoogleKms.TokenFile) is { } file ? new TokenFile(file) : MetadataTokens.Google(Direct(), time),
            Http(),
            time),
        KeysSection.Azure => new AzureKeyVault(
            new AzureKeyVaultOptions(new Uri(keys.AzureKeyVault.Vault), keys.AzureKeyVault.Key),
            Given(keys.AzureKeyVault.TokenFile) is { } file ? new TokenFile(file) : MetadataTokens.Azure(Direct(), time),
            Http(),
            time),
        KeysSection.Vault => new VaultTransit(
            new VaultTransitOptions(new Uri(keys.VaultTransit.Address), keys.VaultTransit.Key)
            {
                Mount = keys.VaultTransit.Mount, Namespace = Given(keys.VaultTransit.Namespace),
            },
            new TokenFile(keys.VaultTransit.TokenFile),
            // Without TLS it is on this machine, and what goes through a proxy is not.
            keys.VaultTransit.Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? Http() : Direct(),
            time),
        KeysSection.Pkcs11 => Pkcs11Token.Open(
            new Pkcs11TokenOptions(keys.Pkcs11Token.Library, keys.Pkcs11Token.Token, keys.Pkcs11Token.Key, keys.Pkcs11Token.PinFile)),
        _ => RootKeyFile.Open(new RootKeyFileOptions { Folder = keys.Folder, PassphraseFile = passphraseFile, LoopbackOnly = reach.LoopbackOnly }),
    };

    private static string? Given(string text) => text.Length == 0 ? null : text;

    /// <summary>A redirect would carry keys and tokens to another address. Lives as long as the process, as the root key does.</summary>
    private static HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    /// <summary>For what is on this machine or its own network.</summary>
    private static HttpClient Direct() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
}
