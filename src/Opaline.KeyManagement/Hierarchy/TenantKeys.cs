using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// One version of a tenant's keys, in one box under the root key: a wrapping key for pages of subject keys and a token secret, both new in every
/// version, and a lasting secret that every version carries on, so that what is derived from it (join keys) survives rotation. Destroying a version
/// therefore ends its tokens and no join. Safe for use by many threads.
/// </summary>
public sealed class TenantKeys : IDisposable
{
    private const string Purpose = "tenant-keys";
    private const int PartSize = 32;
    private const int Size = 3 * PartSize;

    private readonly SecretBytes _secret;
    private readonly byte[] _salt;

    private TenantKeys(string tenant, int version, SecretBytes secret, byte[] wrapped)
    {
        Tenant = tenant;
        Version = version;
        Wrapped = wrapped;
        _secret = secret;
        _salt = Encoding.UTF8.GetBytes(tenant);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Version of these keys, from 1.</summary>
    public int Version { get; }

    /// <summary>What to store: a <see cref="WrappedKey"/> as bytes.</summary>
    public ReadOnlyMemory<byte> Wrapped { get; }

    private ReadOnlySpan<byte> WrappingKey => _secret.Expose()[..PartSize];

    private ReadOnlySpan<byte> TokenSecret => _secret.Expose().Slice(PartSize, PartSize);

    private ReadOnlySpan<byte> LastingSecret => _secret.Expose()[(2 * PartSize)..];

    /// <summary>Makes a tenant's first keys.</summary>
    /// <param name="root">Wraps them.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key cannot wrap.</exception>
    public static Task<TenantKeys> CreateAsync(IRootKey root, string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        return WrapAsync(root, tenant, 1, SecretBytes.Random(Size, resident: true), cancellationToken);
    }

    /// <summary>Opens a tenant's stored keys.</summary>
    /// <param name="root">Wrapped them.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="version">Version of the keys.</param>
    /// <param name="wrapped">What <see cref="Wrapped"/> gave.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key is another one or cannot be used, or the stored keys are damaged.</exception>
    public static async Task<TenantKeys> UnwrapAsync(
        IRootKey root, string tenant, int version, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        SecretBytes secret = await root.UnwrapAsync(WrappedKey.Parse(wrapped.Span), Context(tenant, version), cancellationToken).ConfigureAwait(false);
        if (secret.Length == Size)
            return new TenantKeys(tenant, version, secret, wrapped.ToArray());
        secret.Dispose();
        throw new KeyUnavailableException(KeyFailure.Malformed, "The stored tenant keys are of another form: restore them.");
    }

    /// <summary>Makes the next version: a new wrapping key and token secret, the same lasting secret.</summary>
    /// <param name="root">Wraps it.</param>
    /// <param name="version">Its number, greater than this one's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key cannot wrap.</exception>
    public Task<TenantKeys> RenewAsync(IRootKey root, int version, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(version, Version);
        SecretBytes next = SecretBytes.Create(
            Size,
            LastingSecret,
            static (bytes, lasting) =>
            {
                RandomNumberGenerator.Fill(bytes[..(2 * PartSize)]);
                lasting.CopyTo(bytes[(2 * PartSize)..]);
            },
            resident: true);
        return WrapAsync(root, Tenant, version, next, cancellationToken);
    }

    /// <summary>These keys under the primary version of the root key: what to store instead of <see cref="Wrapped"/> after the root key was rotated or exchanged.</summary>
    /// <param name="root">Wraps them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key cannot wrap.</exception>
    public async Task<byte[]> RewrapAsync(IRootKey root, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(root);
        WrappedKey wrapped = await root.WrapAsync(_secret, Context(Tenant, Version), cancellationToken).ConfigureAwait(false);
        return wrapped.ToBytes();
    }

    /// <summary>
    /// Derives a scope's lasting secret, the same in every version of the tenant's keys: HKDF-SHA256 (RFC 5869) of the lasting secret, salt = tenant,
    /// info = <c>opaline/v1/tok/&lt;algorithm&gt;/&lt;scope&gt;/&lt;version&gt;</c>.
    /// </summary>
    /// <param name="algorithm">What it is for, such as <c>siv</c>; no slash.</param>
    /// <param name="scope">Dictionary scope.</param>
    /// <param name="version">Version of the scope's own key.</param>
    /// <param name="secret">Takes the secret; at most 8,160 bytes. The caller zeroes it.</param>
    public void DeriveScopeSecret(string algorithm, string scope, int version, Span<byte> secret) =>
        Derive(LastingSecret, "tok", algorithm, scope, version, secret);

    /// <summary>
    /// Derives a scope's secret of this version, which is gone when this version is destroyed: as <see cref="DeriveScopeSecret"/>, from the token secret,
    /// info = <c>opaline/v1/tokens/&lt;algorithm&gt;/&lt;scope&gt;/&lt;version of these keys&gt;</c>.
    /// </summary>
    /// <param name="algorithm">What it is for, such as <c>display</c>; no slash.</param>
    /// <param name="scope">Dictionary scope.</param>
    /// <param name="secret">Takes the secret; at most 8,160 bytes. The caller zeroes it.</param>
    public void DeriveTokenSecret(string algorithm, string scope, Span<byte> secret) =>
        Derive(TokenSecret, "tokens", algorithm, scope, Version, secret);

    /// <summary>Makes the key of a new page of subject keys.</summary>
    /// <param name="number">Number of the page, unique in the installation.</param>
    /// <param name="wrapped">What to store.</param>
    public SubjectKeyPage CreatePage(long number, out byte[] wrapped) => Wrap(SubjectKeyPage.Create(number, 1), out wrapped);

    /// <summary>Makes the next version of a page's key, for the subjects that stay: see <see cref="SubjectKeyPage.Rewrap"/>.</summary>
    /// <param name="page">The page as it is.</param>
    /// <param name="wrapped">What to store.</param>
    public SubjectKeyPage RenewPage(SubjectKeyPage page, out byte[] wrapped)
    {
        ArgumentNullException.ThrowIfNull(page);
        return Wrap(SubjectKeyPage.Create(page.Number, page.Version + 1), out wrapped);
    }

    /// <summary>A page's key, unchanged, under this version of the tenant's keys: what to store instead of its wrapping by an older one.</summary>
    public byte[] RewrapPage(SubjectKeyPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return page.WrapUnder(WrappingKey, Tenant, Version);
    }

    /// <summary>Opens a stored page key that this version wrapped.</summary>
    /// <exception cref="KeyUnavailableException">It belongs elsewhere or is damaged.</exception>
    public SubjectKeyPage UnwrapPage(long number, int version, ReadOnlySpan<byte> wrapped) =>
        SubjectKeyPage.Unwrap(WrappingKey, Tenant, Version, number, version, wrapped);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => _secret.Dispose();

    private static async Task<TenantKeys> WrapAsync(IRootKey root, string tenant, int version, SecretBytes secret, CancellationToken cancellationToken)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(root);
            WrappedKey wrapped = await root.WrapAsync(secret, Context(tenant, version), cancellationToken).ConfigureAwait(false);
            return new TenantKeys(tenant, version, secret, wrapped.ToBytes());
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    private static KeyContext Context(string tenant, int version) => new(Purpose, tenant, version);

    private void Derive(ReadOnlySpan<byte> from, string label, string algorithm, string scope, int version, Span<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(algorithm);
        ArgumentException.ThrowIfNullOrEmpty(scope);
        if (algorithm.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException("An algorithm's name has no slash: the derivation would be ambiguous.", nameof(algorithm));
        string info = string.Create(CultureInfo.InvariantCulture, $"opaline/v1/{label}/{algorithm}/{scope}/{version}");
        HKDF.DeriveKey(HashAlgorithmName.SHA256, from, secret, _salt, Encoding.UTF8.GetBytes(info));
    }

    private SubjectKeyPage Wrap(SubjectKeyPage page, out byte[] wrapped)
    {
        try
        {
            wrapped = RewrapPage(page);
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }
}
