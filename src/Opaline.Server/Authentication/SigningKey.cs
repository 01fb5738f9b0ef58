using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Opaline.KeyManagement;
using Opaline.Server.Keys;

namespace Opaline.Server.Authentication;

/// <summary>The ES256 key that signs this server's tokens: made at the first start, kept in the key folder, wrapped by the root key.</summary>
internal sealed class SigningKey : IDisposable
{
    public const string FileName = "signing.key";

    internal const string Purpose = "opaline/v1/token-signing-key/es256";
    private const int KeyIdBytes = 8;

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Security = new ECDsaSecurityKey(key)
        {
            KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..KeyIdBytes]),
            // The process-wide cache knows keys by their id, and would give a server that is opened again the one that this server disposed of.
            CryptoProviderFactory = new CryptoProviderFactory(),
        };
        Credentials = new SigningCredentials(Security, SecurityAlgorithms.EcdsaSha256);
    }

    public ECDsaSecurityKey Security { get; }

    public SigningCredentials Credentials { get; }

    /// <exception cref="KeyUnavailableException">The file is there, but this root key does not open it.</exception>
    public static async Task<SigningKey> OpenAsync(IRootKey root, string folder, CancellationToken cancellationToken)
    {
        using SecretBytes secret = await SealedFile.OpenAsync(root, Path.Combine(folder, FileName), Purpose, Make, cancellationToken);
        ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret.Expose(), out _);
        return new SigningKey(key);
    }

    public void Dispose()
    {
        (Security.CryptoProviderFactory.CryptoProviderCache as IDisposable)?.Dispose();
        _key.Dispose();
    }

    private static SecretBytes Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SecretBytes.TakeFrom(key.ExportPkcs8PrivateKey());
    }
}
