using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>
/// The versions of a tenant's keys that open, with a secret of each that holders are sealed by: who has an old copy of the tables and a subject's key opens nothing
/// of a version that is destroyed. A snapshot; a step of a rotation brings the next one. Safe for use by many threads.
/// </summary>
internal sealed class OpenVersions : IDisposable
{
    private const int HolderSecretSize = 32;

    private readonly Dictionary<int, SecretBytes> _holderSecrets = [];

    /// <summary>Takes the ring: it is disposed of with this.</summary>
    public OpenVersions(TenantKeyring keys)
    {
        Keys = keys;
        foreach (int version in keys.Versions.All.Select(v => v.Number).Where(keys.Has))
        {
            _holderSecrets[version] = SecretBytes.Create(
                HolderSecretSize, keys.Version(version), static (secret, of) => of.DeriveTokenSecret("hmac", "holder", secret));
        }
    }

    /// <summary>The keys themselves.</summary>
    public TenantKeyring Keys { get; }

    /// <summary>The version that new things are sealed under.</summary>
    public int Primary => Keys.Versions.Primary.Number;

    /// <summary>The key of what a subject holds: HMAC-SHA256 of the subject's key under the version's secret. It takes both to open a holder.</summary>
    /// <param name="version">Version of the tenant's keys.</param>
    /// <param name="subjectKey">The subject's own key.</param>
    /// <param name="holderKey">Takes 32 bytes; the caller zeroes it.</param>
    /// <exception cref="KeyUnavailableException">The version does not open; the failure says why.</exception>
    public void HolderKey(int version, ReadOnlySpan<byte> subjectKey, Span<byte> holderKey)
    {
        // Whatever opens has a secret: for any other version this throws, and says why.
        _ = Keys.Version(version);
        HMACSHA256.HashData(_holderSecrets[version].Expose(), subjectKey, holderKey);
    }

    public void Dispose()
    {
        foreach (SecretBytes secret in _holderSecrets.Values)
            secret.Dispose();
        Keys.Dispose();
    }
}
