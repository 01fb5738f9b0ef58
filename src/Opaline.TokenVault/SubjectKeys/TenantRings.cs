using System.Collections.Concurrent;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>The rings of the tenants, each opened when it is first needed. No tenant waits while the root key is asked for another's.</summary>
internal sealed class TenantRings(IControlStore store, IRootKey root, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, TenantRing> _rings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _opening = new(StringComparer.Ordinal);

    /// <summary>The tenant's ring, if it is open.</summary>
    public TenantRing? Find(Tenant tenant) => _rings.GetValueOrDefault(tenant.Value);

    /// <summary>Opens the tenant's ring; its keys are made, and durable, before anything is sealed or derived under them.</summary>
    /// <exception cref="KeyUnavailableException">The root key does not open the primary version.</exception>
    public async Task<TenantRing> OpenAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        SemaphoreSlim opening = _opening.GetOrAdd(tenant.Value, static _ => new SemaphoreSlim(1));
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (Find(tenant) is { } known)
                return known;
            List<StoredTenantKeys> stored = await StoredAsync(tenant, cancellationToken);
            List<(long, string)> scopes = await store.ReadAsync(connection => ScopeTable.Read(connection, tenant.Value), cancellationToken);
            TenantRing ring = new(new OpenVersions(await TenantKeyring.OpenAsync(root, tenant.Value, stored, cancellationToken)));
            ring.Learn(scopes);
            return _rings[tenant.Value] = ring;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>What the versions will be after a move, with a new one made where it adds one, and all of them opened again.</summary>
    /// <exception cref="KeyUnavailableException">The move is not allowed, or the root key cannot be asked.</exception>
    public async Task<KeyChange> PrepareAsync(Tenant tenant, Func<KeyVersions, KeyVersions> move, CancellationToken cancellationToken)
    {
        List<StoredTenantKeys> stored = await StoredAsync(tenant, cancellationToken);
        KeyVersions before = KeyVersions.Of(stored.Select(s => new KeyVersion(s.Version, s.State)));
        KeyVersions after = move(before);
        TenantKeys? added = null;
        if (after.All.Length > before.All.Length)
        {
            StoredTenantKeys primary = stored.Single(s => s.State == KeyState.Primary);
            using TenantKeys keys = await TenantKeys.UnwrapAsync(root, tenant.Value, primary.Version, primary.Wrapped, cancellationToken);
            added = await keys.RenewAsync(root, after.Newest.Number, cancellationToken);
            stored.Add(new StoredTenantKeys(added.Version, KeyState.Added, added.Wrapped));
        }

        try
        {
            StoredTenantKeys[] moved = [.. stored.Select(s => s with { State = after.Version(s.Version).State })];
            return new KeyChange(before, after, added, new OpenVersions(await TenantKeyring.OpenAsync(root, tenant.Value, moved, cancellationToken)));
        }
        catch
        {
            added?.Dispose();
            throw;
        }
    }

    /// <summary>Gives numbers to scopes that have none. They are few, hold nothing of anybody, and stay whatever becomes of the batch.</summary>
    public async ValueTask NumberAsync(TenantRing ring, IEnumerable<string> storedScopes, CancellationToken cancellationToken)
    {
        string[] unknown = [.. storedScopes.Where(s => ring.ScopeNumber(s) is null)];
        if (unknown.Length == 0)
            return;
        await store.WriteAsync(
            transaction =>
            {
                ScopeTable.Insert(transaction, ring.Tenant, unknown);
                return true;
            },
            cancellationToken);
        ring.Learn(await store.ReadAsync(connection => ScopeTable.Read(connection, ring.Tenant), cancellationToken));
    }

    /// <summary>Lets go of key versions that are no longer in use.</summary>
    public void DropRetired()
    {
        foreach (TenantRing ring in _rings.Values)
            ring.DropRetired();
    }

    public void Dispose()
    {
        foreach (TenantRing ring in _rings.Values)
            ring.Dispose();
        foreach (SemaphoreSlim opening in _opening.Values)
            opening.Dispose();
    }

    private async Task<List<StoredTenantKeys>> StoredAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        List<StoredTenantKeys> stored = await store.ReadAsync(connection => TenantKeyTable.Read(connection, tenant.Value), cancellationToken);
        if (stored.Count > 0)
            return stored;
        using (TenantKeys fresh = await TenantKeys.CreateAsync(root, tenant.Value, cancellationToken))
            await store.WriteAsync(transaction => TenantKeyTable.Insert(transaction, fresh, KeyState.Primary, time.GetUtcNow().UtcDateTime), cancellationToken);
        return await store.ReadAsync(connection => TenantKeyTable.Read(connection, tenant.Value), cancellationToken);
    }
}
