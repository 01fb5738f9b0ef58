using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Opaline.Access;
using Opaline.Audit;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>
/// Renews tenants' keys: a version is added, made primary, everything that is sealed under older ones is sealed anew, and these are disabled and destroyed in their time. Rows
/// and dictionary ids are not touched. Each step is durable with the work that it stands for, so whoever calls again after a crash goes on where the last commit ended.
/// </summary>
public sealed class KeyRotator(IControlStore store, IRootKey root, Vault vault, AuditLog audit, TimeProvider time, IOptions<RotationOptions> options)
{
    /// <summary>Who asks when the schedule does.</summary>
    public const string Schedule = "system";

    private const int Shown = 24;

    private readonly RotationOptions _options = options.Value;

    // Nothing to dispose of: a commit may end after everything else has, at a shutdown.
    private readonly Channel<bool> _requested = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks for a rotation, in the transaction that records it. Asked again before it is done, it is the same one.</summary>
    public KeyRotation Request(ControlTransaction transaction, Tenant tenant, string requestedBy)
    {
        if (RotationTable.Unfinished(transaction, tenant.Value) is { } running)
            return running;
        RotationTable.Insert(transaction, tenant.Value, requestedBy, time.GetUtcNow().UtcDateTime);
        transaction.OnCommitted(() => _requested.Writer.TryWrite(true));
        return RotationTable.Unfinished(transaction, tenant.Value) ?? throw new StorageFailureException("The rotation was written and is not there.");
    }

    /// <summary>Waits until a rotation is asked for, at most so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = new(atMost, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _requested.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody asked.
        }
    }

    /// <summary>The rotation of that number, or null.</summary>
    public Task<KeyRotation?> FindAsync(Tenant tenant, long id, CancellationToken cancellationToken) =>
        store.ReadAsync(c => RotationTable.Find(c, tenant.Value, id), cancellationToken);

    /// <summary>The versions of a tenant's keys, oldest first, and its newest rotations, newest first.</summary>
    public async Task<(IReadOnlyList<TenantKeyVersion> Versions, IReadOnlyList<KeyRotation> Rotations)> ReadAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        _ = await vault.RingAsync(tenant, cancellationToken);
        return await store.ReadAsync<(IReadOnlyList<TenantKeyVersion>, IReadOnlyList<KeyRotation>)>(
            c => (TenantKeyTable.ReadVersions(c, tenant.Value), RotationTable.Newest(c, tenant.Value, Shown)), cancellationToken);
    }

    /// <summary>Goes on with the rotation of a tenant that is not done.</summary>
    /// <returns>Its report; null if there is none.</returns>
    /// <exception cref="KeyUnavailableException">The root key cannot be asked; call again later.</exception>
    public async Task<KeyRotation?> RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        // Who has nothing to renew does not need the root key.
        if (await UnfinishedAsync(tenant, cancellationToken) is null)
            return null;
        TenantRing ring = await vault.RingAsync(tenant, cancellationToken);
        await ring.Rotating.WaitAsync(cancellationToken);
        try
        {
            if (await UnfinishedAsync(tenant, cancellationToken) is not { } rotation)
                return null;
            if (rotation.Phase == RotationPhase.Requested)
            {
                await RewrapUnderRootAsync(tenant, cancellationToken);
                await vault.ChangeKeysAsync(tenant, v => v.Add(), t => RotationTable.Reach(t, rotation.Id, RotationPhase.Added), cancellationToken);
            }

            if (rotation.Phase <= RotationPhase.Added)
                await vault.ChangeKeysAsync(tenant, v => v.Promote(rotation.ToVersion), t => RotationTable.Reach(t, rotation.Id, RotationPhase.Rewrapping), cancellationToken);
            await RewrapAsync(ring, rotation, cancellationToken);
            return await store.WriteAsync(transaction => Finish(transaction, rotation), cancellationToken);
        }
        finally
        {
            ring.Rotating.Release();
        }
    }

    /// <summary>What the schedule does for every tenant: goes on with what is not done, renews keys that are due, ends versions whose time is over.</summary>
    /// <returns>The tenants for which it failed or was not whole, since their keys, or an older version of them, cannot be had; to be repeated.</returns>
    public Task<IReadOnlyList<Tenant>> TendAsync(CancellationToken cancellationToken) => ForEachTenantAsync(
        async tenant =>
        {
            bool whole = await RewrapUnderRootAsync(tenant, cancellationToken);
            await RequestIfDueAsync(tenant, cancellationToken);
            await RunAsync(tenant, cancellationToken);
            await EndOldAsync(tenant, cancellationToken);
            return whole;
        },
        cancellationToken);

    /// <summary>Wraps every tenant's keys under the newest version of the root key, as <see cref="TendAsync"/> does too.</summary>
    /// <returns>The tenants for which it failed or was not whole.</returns>
    public Task<IReadOnlyList<Tenant>> RewrapUnderRootAsync(CancellationToken cancellationToken) =>
        ForEachTenantAsync(tenant => RewrapUnderRootAsync(tenant, cancellationToken), cancellationToken);

    /// <summary>Disables a version (its tokens open no more), enables it again, or destroys it for good; recorded with the change.</summary>
    /// <param name="caller">Who; whether it may is decided before.</param>
    /// <param name="version">Not the primary one.</param>
    /// <param name="state"><see cref="KeyState.Disabled"/>, <see cref="KeyState.DecodeOnly"/> or <see cref="KeyState.Destroyed"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyChangeRefusedException">The version is not there, is in use, or is not in the state before that one.</exception>
    public async Task ChangeAsync(Caller caller, int version, KeyState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        try
        {
            await MoveAsync(caller.Tenant, version, state, transaction => audit.Append(transaction, CallerRecord.Of(
                caller, AuditActions.KeyChange, Name(version), "ok", Detail(version, state))), cancellationToken);
        }
        catch (KeyUnavailableException refused) when (refused.Failure is KeyFailure.InUse or KeyFailure.NotThere or KeyFailure.Destroyed)
        {
            throw new KeyChangeRefusedException(refused.Message);
        }
    }

    /// <summary>Wraps versions of a tenant's keys that are under an older version of the root key under its newest, so that the older one can be destroyed.</summary>
    /// <returns>Whether all are; an older version that does not open is left as it is.</returns>
    private async Task<bool> RewrapUnderRootAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        // A version that is just being made may be wrapped already, under the version before, and not stored yet.
        TenantRing ring = await vault.RingAsync(tenant, cancellationToken);
        await ring.Changing.WaitAsync(cancellationToken);
        try
        {
            return await RewrapStoredAsync(tenant, cancellationToken);
        }
        finally
        {
            ring.Changing.Release();
        }
    }

    private async Task<bool> RewrapStoredAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        string newest = (await root.StateAsync(null, cancellationToken)).Version;
        bool whole = true;
        foreach (StoredTenantKeys stored in await store.ReadAsync(c => TenantKeyTable.Read(c, tenant.Value), cancellationToken))
        {
            if (stored.State == KeyState.Destroyed)
                continue;
            try
            {
                if (WrappedKey.Parse(stored.Wrapped.Span).Version == newest)
                    continue;
                using TenantKeys keys = await TenantKeys.UnwrapAsync(root, tenant.Value, stored.Version, stored.Wrapped, cancellationToken);
                byte[] wrapped = await keys.RewrapAsync(root, cancellationToken);
                await store.WriteAsync(t => TenantKeyTable.Replace(t, tenant.Value, stored, wrapped), cancellationToken);
            }
            catch (KeyUnavailableException damaged) when (TenantKeyring.IsOfTheVersion(damaged.Failure) && stored.State != KeyState.Primary)
            {
                // The others are not to wait for it.
                whole = false;
            }
        }

        return whole;
    }

    private async Task<IReadOnlyList<Tenant>> ForEachTenantAsync(Func<Tenant, Task<bool>> tend, CancellationToken cancellationToken)
    {
        List<Tenant> failed = [];
        foreach (Tenant tenant in (await store.ReadAsync(TenantKeyTable.Tenants, cancellationToken)).Select(t => new Tenant(t)))
        {
            try
            {
                if (!await tend(tenant))
                    failed.Add(tenant);
            }
            catch (KeyUnavailableException)
            {
                failed.Add(tenant);
            }
        }

        return failed;
    }

    private Task<KeyRotation?> UnfinishedAsync(Tenant tenant, CancellationToken cancellationToken) =>
        store.ReadAsync(c => RotationTable.Unfinished(c, tenant.Value), cancellationToken);

    private static string Name(int version) => string.Create(CultureInfo.InvariantCulture, $"key/{version}");

    private static string Detail(int version, KeyState state) => JsonSerializer.Serialize(new { version, state = JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()) });

    private async Task RewrapAsync(TenantRing ring, KeyRotation rotation, CancellationToken cancellationToken)
    {
        // One piece is sealed while the one before is written.
        Task<bool> writing = Task.FromResult(true);
        try
        {
            await foreach (RewrappedPiece piece in new PageRewrap(store, ring, rotation).PiecesAsync(cancellationToken))
            {
                await writing;
                writing = store.WriteAsync(
                    transaction =>
                    {
                        RotationTable.Write(transaction, rotation, piece);
                        return true;
                    },
                    cancellationToken);
            }
        }
        finally
        {
            await writing;
        }
    }

    private KeyRotation Finish(ControlTransaction transaction, KeyRotation rotation)
    {
        RotationTable.Reach(transaction, rotation.Id, RotationPhase.Done, time.GetUtcNow().UtcDateTime);
        KeyRotation done = RotationTable.Find(transaction.Connection, rotation.Tenant.Value, rotation.Id)
            ?? throw new StorageFailureException("The rotation was written and is not there.");
        audit.Append(transaction, new AuditRecord(
            rotation.Tenant,
            Schedule,
            null,
            AuditActions.KeyRotation,
            Name(done.ToVersion),
            done.Whole ? "ok" : "damaged",
            JsonSerializer.Serialize(new
            {
                from_version = done.FromVersion, to_version = done.ToVersion, pages = done.Pages, values = done.Holders,
                damaged_pages = done.DamagedPages, damaged_keys = done.DamagedKeys, damaged_values = done.DamagedHolders,
            })));
        return done;
    }

    private async Task RequestIfDueAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_options.Every == TimeSpan.Zero)
            return;
        List<TenantKeyVersion> versions = await store.ReadAsync(c => TenantKeyTable.ReadVersions(c, tenant.Value), cancellationToken);
        if (versions.Find(v => v.State == KeyState.Primary) is not { } primary || primary.MadeAt + _options.Every > time.GetUtcNow().UtcDateTime)
            return;
        await store.WriteAsync(
            transaction =>
            {
                KeyRotation made = Request(transaction, tenant, Schedule);
                audit.Append(transaction, new AuditRecord(
                    tenant, Schedule, null, AuditActions.KeyRotation, Name(made.ToVersion), "requested", JsonSerializer.Serialize(new { from_version = made.FromVersion })));
                return made;
            },
            cancellationToken);
    }

    private async Task EndOldAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        (List<TenantKeyVersion> versions, List<KeyRotation> rotations) = await store.ReadAsync(
            c => (TenantKeyTable.ReadVersions(c, tenant.Value), RotationTable.Newest(c, tenant.Value, 1)), cancellationToken);
        // What does not open now may be restored, and needs its version then.
        bool whole = rotations is [{ Phase: RotationPhase.Done, Whole: true }];
        foreach (TenantKeyVersion version in versions)
        {
            KeyState? next = version.State switch
            {
                KeyState.DecodeOnly when IsOver(version, _options.OldTokensOpen, now) => KeyState.Disabled,
                KeyState.Disabled when whole && IsOver(version, _options.Disabled, now) => KeyState.Destroyed,
                _ => null,
            };
            if (next is { } state)
            {
                await MoveAsync(
                    tenant,
                    version.Number,
                    state,
                    transaction => audit.Append(transaction, new AuditRecord(
                        tenant, Schedule, null, AuditActions.KeyChange, Name(version.Number), "ok", Detail(version.Number, state))),
                    cancellationToken);
            }
        }
    }

    private static bool IsOver(TenantKeyVersion version, TimeSpan duration, DateTime now) => duration > TimeSpan.Zero && version.StateAt + duration <= now;

    private async Task MoveAsync(Tenant tenant, int version, KeyState state, Action<ControlTransaction> also, CancellationToken cancellationToken)
    {
        await RefuseWhileRotatingAsync(tenant, cancellationToken);
        TenantRing ring = await vault.RingAsync(tenant, cancellationToken);
        await ring.Rotating.WaitAsync(cancellationToken);
        try
        {
            await RefuseWhileRotatingAsync(tenant, cancellationToken);
            await vault.ChangeKeysAsync(
                tenant,
                v => state switch
                {
                    KeyState.Disabled => v.Disable(version),
                    KeyState.DecodeOnly => v.Enable(version),
                    KeyState.Destroyed => v.Destroy(version),
                    _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A version is disabled, enabled or destroyed."),
                },
                also,
                cancellationToken);
        }
        finally
        {
            ring.Rotating.Release();
        }
    }

    // While anything may still be sealed under a version, it has to open.
    private async Task RefuseWhileRotatingAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (await UnfinishedAsync(tenant, cancellationToken) is not null)
            throw new KeyUnavailableException(KeyFailure.InUse, "A rotation is not done yet: wait for it, then change versions.");
    }
}
