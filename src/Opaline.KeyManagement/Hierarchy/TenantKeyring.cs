namespace Opaline.KeyManagement;

/// <summary>
/// The versions of a tenant's keys, opened, each found by its number. What is disabled or destroyed in store or at the root key, or damaged, is not in it: only
/// the primary version must open. It is a snapshot: open it again after a rotation step, and now and then, so that a root key that was revoked takes effect. Safe for use by many threads.
/// </summary>
public sealed class TenantKeyring : IDisposable
{
    private readonly Dictionary<int, TenantKeys> _open;
    private readonly Dictionary<int, KeyUnavailableException> _failed = [];

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

    /// <summary>Older versions that should open and do not, with the reason: what they wrapped stays closed until they are restored.</summary>
    public IReadOnlyDictionary<int, KeyFailure> Failed => _failed.ToDictionary(f => f.Key, f => f.Value.Failure);

    /// <summary>The keys that new things are wrapped under.</summary>
    public TenantKeys Primary => Version(Versions.Primary.Number);

    /// <summary>Opens every version that may be used, one call of the root key for each.</summary>
    /// <param name="root">Wrapped them.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="stored">All versions, in any order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The versions break the rules, the primary one does not open, or the root key cannot be asked.</exception>
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
                    await ring.OpenVersionAsync(root, version, cancellationToken).ConfigureAwait(false);
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
    /// <exception cref="KeyUnavailableException">It is disabled, destroyed, not there or one of <see cref="Failed"/>; the failure says which.</exception>
    public TenantKeys Version(int version)
    {
        Versions.RequireOpens(version);
        return _failed.TryGetValue(version, out KeyUnavailableException? failed) ? throw new KeyUnavailableException(failed.Failure, failed.Message, failed) : _open[version];
    }

    /// <summary>Whether <see cref="Version"/> has keys for the number.</summary>
    public bool Has(int version) => _open.ContainsKey(version);

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

    /// <summary>Whether a failure is of one version alone; the others say that the root key cannot be asked at all.</summary>
    public static bool IsOfTheVersion(KeyFailure failure) =>
        failure is KeyFailure.DoesNotOpen or KeyFailure.Malformed or KeyFailure.Disabled or KeyFailure.Destroyed or KeyFailure.NotThere;

    private async Task OpenVersionAsync(IRootKey root, StoredTenantKeys version, CancellationToken cancellationToken)
    {
        try
        {
            _open[version.Version] = await TenantKeys.UnwrapAsync(root, Tenant, version.Version, version.Wrapped, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyUnavailableException failed) when (version.State != KeyState.Primary && IsOfTheVersion(failed.Failure))
        {
            _failed[version.Version] = failed;
        }
    }
}
