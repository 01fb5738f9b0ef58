namespace Opaline.KeyManagement;

/// <summary>
/// The versions of a tenant's keys, opened, each found by its number. What is disabled or destroyed in store or at the root key is not in it. It
/// is a snapshot: open it again after a rotation step, and now and then, so that a root key that was revoked takes effect. Safe for use by many threads.
/// </summary>
public sealed class TenantKeyring : IDisposable
{
    private readonly Dictionary<int, TenantKeys> _open;

    private TenantKeyring(string tenant, KeyVersions versions, Dictionary<int, TenantKeys> open)
    {
        Tenant = tenant;
        Versions = versions;
        _open = open;
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Every version and its state.</summary>
    public KeyVersions Versions { get; }

    /// <summary>The keys that new things are wrapped under.</summary>
    public TenantKeys Primary => Version(Versions.Primary.Number);

    /// <summary>Opens every version that may be used, one call of the root key for each.</summary>
    /// <param name="root">Wrapped them.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="stored">All versions, in any order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The versions break the rules, or one of them does not open.</exception>
    public static async Task<TenantKeyring> OpenAsync(
        IRootKey root, string tenant, IReadOnlyCollection<StoredTenantKeys> stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        TenantKeyring ring = new(tenant, KeyVersions.Of(stored.Select(s => new KeyVersion(s.Version, s.State))), []);
        try
        {
            foreach (StoredTenantKeys version in stored)
            {
                if (ring.Versions.Version(version.Version).Opens)
                    ring._open[version.Version] = await TenantKeys.UnwrapAsync(root, tenant, version.Version, version.Wrapped, cancellationToken).ConfigureAwait(false);
            }
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>The keys of a version. They belong to the ring.</summary>
    /// <exception cref="KeyUnavailableException">It is disabled, destroyed or not there; the failure says which.</exception>
    public TenantKeys Version(int version)
    {
        Versions.RequireOpens(version);
        return _open[version];
    }

    /// <summary>Opens a stored page key, whichever version of the tenant's keys wrapped it.</summary>
    /// <exception cref="KeyUnavailableException">That version is disabled or destroyed, or the page belongs elsewhere or is damaged.</exception>
    public SubjectKeyPage UnwrapPage(long number, int version, ReadOnlySpan<byte> wrapped) =>
        Version(SubjectKeyPage.TenantVersionOf(wrapped)).UnwrapPage(number, version, wrapped);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        foreach (TenantKeys keys in _open.Values)
            keys.Dispose();
    }
}
