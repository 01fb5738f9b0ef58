using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// A tenant's keys: one that wraps pages of subject keys, and the token secret that scope secrets are derived from. Both lie in one box
/// under the root key, so that a new wrapping key can keep the token secret and breaks no join.
/// </summary>
public sealed class TenantKeys : IDisposable
{
    private const int WrappingSize = SealedBox.KeySize;
    private const int SecretSize = 32;

    private readonly byte[] _keys = GC.AllocateUninitializedArray<byte>(WrappingSize + SecretSize, pinned: true);
    private readonly byte[] _salt;
    private bool _disposed;

    private TenantKeys(string tenant, int version)
    {
        Tenant = tenant;
        Version = version;
        _salt = Encoding.UTF8.GetBytes(tenant);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Version of the wrapping key, from 1.</summary>
    public int Version { get; }

    private ReadOnlySpan<byte> WrappingKey => Keys()[..WrappingSize];

    private ReadOnlySpan<byte> TokenSecret => Keys()[WrappingSize..];

    /// <summary>Makes a tenant's first keys.</summary>
    /// <param name="root">Wraps them.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="wrapped">What to store.</param>
    public static TenantKeys Create(RootKey root, string tenant, out byte[] wrapped)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        TenantKeys keys = new(tenant, 1);
        RandomNumberGenerator.Fill(keys._keys);
        wrapped = root.Seal(keys._keys, AssociatedData(tenant, keys.Version));
        return keys;
    }

    /// <summary>Opens a tenant's stored keys.</summary>
    /// <exception cref="KeyUnavailableException">The root key is another one, or the stored keys are damaged.</exception>
    public static TenantKeys Unwrap(RootKey root, string tenant, int version, ReadOnlySpan<byte> wrapped)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        byte[] opened;
        try
        {
            opened = root.Unseal(wrapped, AssociatedData(tenant, version));
        }
        catch (CryptographicException e)
        {
            throw new KeyUnavailableException(
                "The root key does not open the keys of this data: put the root.key that belongs to it back into the key folder.", e);
        }
        try
        {
            if (opened.Length != WrappingSize + SecretSize)
                throw new KeyUnavailableException("The stored tenant keys are of another version.");
            TenantKeys keys = new(tenant, version);
            opened.CopyTo(keys._keys, 0);
            return keys;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened);
        }
    }

    /// <summary>
    /// Derives a scope's secret: HKDF-SHA256 (RFC 5869) of the token secret, salt = tenant, info =
    /// <c>opaline/v1/tok/&lt;algorithm&gt;/&lt;scope&gt;/&lt;version&gt;</c>.
    /// </summary>
    /// <param name="algorithm">What it is for, such as <c>siv</c>; no slash.</param>
    /// <param name="scope">Dictionary scope.</param>
    /// <param name="version">Version of the scope's key.</param>
    /// <param name="secret">Takes the secret; at most 8,160 bytes. The caller zeroes it.</param>
    public void DeriveScopeSecret(string algorithm, string scope, int version, Span<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(algorithm);
        ArgumentException.ThrowIfNullOrEmpty(scope);
        if (algorithm.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("An algorithm's name has no slash: the derivation would be ambiguous.", nameof(algorithm));
        string info = string.Create(CultureInfo.InvariantCulture, $"opaline/v1/tok/{algorithm}/{scope}/{version}");
        HKDF.DeriveKey(HashAlgorithmName.SHA256, TokenSecret, secret, _salt, Encoding.UTF8.GetBytes(info));
    }

    /// <summary>Makes the key of a new page of subject keys.</summary>
    /// <param name="number">Number of the page, unique in the installation.</param>
    /// <param name="wrapped">What to store.</param>
    public SubjectKeyPage CreatePage(long number, out byte[] wrapped)
    {
        SubjectKeyPage page = SubjectKeyPage.Create(number);
        wrapped = page.WrapUnder(WrappingKey, Tenant);
        return page;
    }

    /// <summary>Opens a stored page key.</summary>
    /// <exception cref="KeyUnavailableException">It belongs elsewhere or is damaged.</exception>
    public SubjectKeyPage UnwrapPage(long number, int version, ReadOnlySpan<byte> wrapped) =>
        SubjectKeyPage.Unwrap(WrappingKey, Tenant, number, version, wrapped);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_keys);
    }

    /// <summary>Zeroed keys must never wrap.</summary>
    private ReadOnlySpan<byte> Keys()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _keys;
    }

    private static byte[] AssociatedData(string tenant, int version) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"opaline/v1/tenant-key/{tenant}/{version}"));
}
