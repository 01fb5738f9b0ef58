using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Opaline.Catalog;
using Opaline.KeyManagement;
using Opaline.Storage;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>
/// The dictionary of a tenant's values: which number a value has, and the value itself, sealed under the key of each subject that has it.
/// <para>
/// Known values are answered from memory. For the others one batch at a time asks the store and gives new values an id, a salt and a key;
/// these stay <i>pending</i> until some batch that carries their INSERT has committed, and every batch that uses a pending entry
/// carries it. So any one commit suffices, a batch that fails takes nothing from the others, and sealing needs no writer.
/// </para>
/// </summary>
public sealed class Vault : IDisposable
{
    private const int SaltSize = 32;

    // Numbers begin at 1.
    private const long NoScope = 0;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly IControlStore _store;
    private readonly TimeProvider _time;
    private readonly EntryIndex _index;
    private readonly ITimer _sweep;
    private readonly TenantRings _rings;

    // Whoever holds it may read the store for unknown values and give out ids. Reads never wait for writers, so neither does it.
    private readonly SemaphoreSlim _gate = new(1);
    private long _lastId;
    private long _lastPage;
    private bool _numbered;

    /// <summary>Opens the vault in the store.</summary>
    public Vault(IControlStore store, IRootKey rootKey, TimeProvider time, IOptions<VaultOptions> options)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _rings = new TenantRings(store, rootKey, time);
        _time = time;
        _index = new EntryIndex(options.Value, time);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    internal int PendingCount => _index.PendingCount;

    /// <summary>
    /// Finds or makes the ids of a batch's subjects and values. Nothing is durable, and no id may be stored, until the transaction
    /// in which <see cref="VaultBatch.Save"/> was called has committed.
    /// </summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="subjectScope">The dataset's subject scope.</param>
    /// <param name="rawSubjects">Identifiers as they came; may repeat.</param>
    /// <param name="values">Values to tokenize; may repeat.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The root key does not open the tenant's keys.</exception>
    public async Task<VaultBatch> ResolveAsync(
        Tenant tenant,
        string subjectScope,
        IReadOnlyList<string> rawSubjects,
        IReadOnlyList<VaultValue> values,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subjectScope);
        ArgumentNullException.ThrowIfNull(rawSubjects);
        ArgumentNullException.ThrowIfNull(values);
        TenantRing ring = await RingAsync(tenant, cancellationToken);
        await _rings.NumberAsync(ring, values.Select(v => v.Scope).Distinct().Select(StoredScope.OfValues).Append(StoredScope.OfSubjects(subjectScope)), cancellationToken);
        long generation = _index.Generation;
        BatchSlots slots = BatchSlots.Of(ring, subjectScope, rawSubjects, values, out int[] subjects, out int[] entries);
        VaultBatch batch = new(_index, ring, slots, subjects, entries, generation);
        try
        {
            _index.Use(slots);
            if (!slots.Complete)
                await ResolveUnknownAsync(ring, slots, cancellationToken);
            batch.SealHolders(values);
            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <summary>The subject's opaque id (its display token of the primary version), or null if nobody of that identifier is known. Changes nothing.</summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="subjectScope">The dataset's subject scope.</param>
    /// <param name="rawSubject">The identifier.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> LookUpSubjectAsync(Tenant tenant, string subjectScope, string rawSubject, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subjectScope);
        ArgumentNullException.ThrowIfNull(rawSubject);
        TenantRing ring = await RingAsync(tenant, cancellationToken);
        string scope = StoredScope.OfSubjects(subjectScope);
        EntryKey key = new(ring.ScopeNumber(scope) ?? NoScope, ring.Join(scope, TokenKind.Identifier, rawSubject));

        // Always from the store: an answer from the cache would come faster.
        long? id = await _store.ReadAsync(connection => EntryTable.Find(connection, key), cancellationToken);
        return id is null ? null : ring.DisplayToken(scope, TokenKind.Identifier, id.Value);
    }

    /// <summary>The person behind an opaque id of any version that opens, or null: unknown, erased and foreign ids are alike. Changes nothing.</summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="subjectToken">The opaque id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<KnownSubject?> FindSubjectAsync(Tenant tenant, string subjectToken, CancellationToken cancellationToken)
    {
        // Of the prefixes, which no key vouches for, one is a person's.
        if (!DisplayToken.TryParse(subjectToken, out DisplayToken token) || token.Kind != TokenKind.Identifier)
            return null;
        TenantRing ring = await RingAsync(tenant, cancellationToken);
        return await _store.ReadAsync(
            connection =>
            {
                using TokenOpener opener = new(ring, ScopeTable.Read(connection, tenant.Value).Select(s => s.StoredScope).Where(StoredScope.IsOfSubjects));
                (long id, string scope) = opener.Open(token);
                return EntryTable.IsLive(connection, tenant.Value, id) ? new KnownSubject(tenant, id, scope, subjectToken) : null;
            },
            cancellationToken);
    }

    internal async ValueTask<TenantRing> RingAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_rings.Find(tenant) is { } ring)
            return ring;
        await BeginNumbersAsync(cancellationToken);
        return await _rings.OpenAsync(tenant, cancellationToken);
    }

    /// <summary>
    /// Moves the versions of a tenant's keys, in one transaction, and works with them from then on. Batches that were resolved under another primary version are not stored
    /// after it; when this has returned, nothing new can come to lie under an older one.
    /// </summary>
    /// <param name="tenant">Whose keys.</param>
    /// <param name="move">The move.</param>
    /// <param name="also">What else belongs into the transaction.</param>
    /// <param name="cancellationToken">Gives up before the transaction.</param>
    /// <exception cref="KeyUnavailableException">The move is not allowed, or the root key cannot be asked.</exception>
    internal async Task ChangeKeysAsync(Tenant tenant, Func<KeyVersions, KeyVersions> move, Action<ControlTransaction> also, CancellationToken cancellationToken)
    {
        TenantRing ring = await RingAsync(tenant, cancellationToken);
        await ring.Changing.WaitAsync(cancellationToken);
        try
        {
            KeyChange change = await _rings.PrepareAsync(tenant, move, cancellationToken);
            using TenantKeys? added = change.Added;
            await _gate.WaitAsync(CancellationToken.None);
            try
            {
                await _store.WriteAsync(
                    transaction =>
                    {
                        DateTime now = _time.GetUtcNow().UtcDateTime;
                        if (added is not null)
                            TenantKeyTable.Insert(transaction, added, change.After.Newest.State, now);
                        TenantKeyTable.Move(transaction, tenant.Value, change.Before, change.After, now);
                        also(transaction);
                        transaction.OnCommitted(() =>
                        {
                            ring.Use(change.Open, newPage: change.Renews);
                            if (change.Renews)
                                _index.Renewed();
                        });
                        if (change.Renews)
                            _index.Erasing();
                        return true;
                    },
                    CancellationToken.None);
            }
            catch
            {
                change.Open.Dispose();
                throw;
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            ring.Changing.Release();
        }
    }

    /// <summary>
    /// Erases subjects whose keys lie in one page, in one transaction: what they hold goes, entries that nobody holds lose what they are found by,
    /// and the page's key is gone once the keys of the others are wrapped under a new one. Keys of others that do not open stay in the old page, whose key then stays too.
    /// No number is given out meanwhile.
    /// </summary>
    /// <param name="tenant">Whose dictionary.</param>
    /// <param name="page">Number of the page; null for subjects that have no key.</param>
    /// <param name="subjects">Who.</param>
    /// <param name="erased">What else belongs into the transaction.</param>
    /// <returns>How many keys of others do not open.</returns>
    internal async Task<int> EraseAsync(Tenant tenant, long? page, IReadOnlyCollection<long> subjects, Action<ControlTransaction> erased)
    {
        TenantRing ring = await RingAsync(tenant, CancellationToken.None);
        return await EraseAsync(transaction =>
        {
            (RewrappedPage? fresh, int damaged) = page is { } number ? ReplacePage(transaction, ring, number, subjects) : (null, 0);
            List<(long Entry, long Subject)> held = EntryTable.DeleteHolders(transaction, subjects);
            // The subjects themselves too, should what they held as themselves be lost.
            List<EntryKey> entries = EntryTable.EraseUnheld(transaction, held.Select(h => h.Entry).Concat(subjects).Distinct());
            erased(transaction);
            transaction.OnCommitted(() =>
            {
                if (page is { } replaced)
                    ring.Adopt(replaced, fresh);
                _index.Erased(subjects, held, entries);
            });
            return damaged;
        });
    }

    /// <summary>Erases the values that nobody holds, of all tenants: what erasures and batches leave behind is held by somebody.</summary>
    /// <returns>How many there were.</returns>
    internal async Task<int> EraseUnheldAsync()
    {
        List<long> unheld = await _store.ReadAsync(EntryTable.UnheldValues, CancellationToken.None);
        return unheld.Count == 0 ? 0 : await EraseAsync(transaction =>
        {
            List<EntryKey> entries = EntryTable.EraseUnheld(transaction, unheld);
            transaction.OnCommitted(() => _index.Erased([], [], entries));
            return unheld.Count;
        });
    }

    /// <summary>Zeroes the cached keys.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        _index.ClearKeys();
        _rings.Dispose();
        _gate.Dispose();
    }

    private async Task<int> EraseAsync(Func<ControlTransaction, int> erase)
    {
        await _gate.WaitAsync();
        try
        {
            return await _store.WriteAsync(
                transaction =>
                {
                    int outcome = erase(transaction);
                    _index.Erasing();
                    return outcome;
                },
                CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Sweep()
    {
        _index.DropExpiredKeys();
        _rings.DropRetired();
    }

    private (RewrappedPage? Fresh, int Damaged) ReplacePage(ControlTransaction transaction, TenantRing ring, long page, IReadOnlyCollection<long> erased)
    {
        (KeyPage old, List<(long Subject, byte[] Wrapped)> keys) = KeyTable.ReadPage(transaction, page);
        HashSet<long> gone = [.. erased];
        keys.RemoveAll(k => gone.Contains(k.Subject));
        RewrappedPage? fresh = keys.Count == 0 ? null : ring.Rewrap(old, keys, ++_lastPage);
        HashSet<long> moved = fresh is null ? [] : [.. fresh.Wrapped.Select(w => w.Subject)];
        keys.RemoveAll(k => moved.Contains(k.Subject));
        KeyTable.ReplacePage(transaction, ring.Tenant, old, fresh, keys);
        return (fresh, keys.Count);
    }

    private async Task ResolveUnknownAsync(TenantRing ring, BatchSlots slots, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Whoever held the gate before may have made some of them.
            _index.Use(slots);
            if (slots.Complete)
                return;
            await ReadKnownAsync(ring, slots, cancellationToken);
            MakeNew(ring, slots);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReadKnownAsync(TenantRing ring, BatchSlots slots, CancellationToken cancellationToken)
    {
        List<(long Subject, byte[] Wrapped, KeyPage Page)> wrapped = [];
        await _store.ReadAsync(
            connection =>
            {
                Dictionary<EntryKey, long> found = [];
                EntryTable.Find(connection, Enumerable.Range(0, slots.Count).Where(i => slots[i].Id == 0).Select(i => slots[i].Key), found);
                for (int i = 0; i < slots.Count; i++)
                {
                    if (slots[i].Id == 0 && found.TryGetValue(slots[i].Key, out long id))
                    {
                        slots[i].Id = id;
                        _index.Learn(slots[i].Key, id);
                    }
                }
                IEnumerable<long> locked = Enumerable.Range(0, slots.Subjects).Where(i => slots[i].Id != 0 && slots.NeedsKey(i)).Select(i => slots[i].Id);
                KeyTable.Read(connection, ring.Tenant, locked, (subject, key, page) => wrapped.Add((subject, key, page)));
                return wrapped.Count;
            },
            cancellationToken);

        Dictionary<long, int> bySubject = [];
        for (int i = 0; i < slots.Subjects; i++)
        {
            if (slots[i].Id != 0 && slots.NeedsKey(i))
                bySubject[slots[i].Id] = i;
        }
        ring.Unwrap(wrapped, (subject, key) =>
        {
            int slot = bySubject[subject];
            key.CopyTo(slots.Key(slot));
            slots.HasKey(slot);
            _index.LearnKey(subject, key);
        });
        if (bySubject.Values.Any(slots.NeedsKey))
            throw new StorageFailureException("A subject of the vault has no key: its tables are damaged. Restore them.");
    }

    private void MakeNew(TenantRing ring, BatchSlots slots)
    {
        int newSubjects = Enumerable.Range(0, slots.Subjects).Count(i => slots[i].Id == 0);
        Memory<byte> keys = GC.AllocateUninitializedArray<byte>(newSubjects * SealedBox.KeySize, pinned: true);
        RandomNumberGenerator.Fill(keys.Span);
        for (int i = 0; i < slots.Count; i++)
        {
            EntrySlot slot = slots[i];
            if (slot.Id != 0)
                continue;
            long id = ++_lastId;
            PendingSubject? subject = null;
            if (i < slots.Subjects)
            {
                subject = ring.NewSubject(id, slot.Raw, keys[..SealedBox.KeySize], () => ++_lastPage);
                keys = keys[SealedBox.KeySize..];
                // Before others can see the entry: once one of them has committed it, the key is zeroed here.
                subject.Key.Span.CopyTo(slots.Key(i));
                slots.HasKey(i);
            }

            PendingEntry entry = new(slot.Key, id, subject is null ? RandomNumberGenerator.GetBytes(SaltSize) : null, subject);
            _index.Add(entry);
            (slot.Pending, slot.Id) = (entry, id);
        }
    }

    private async Task BeginNumbersAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_numbered)
                return;
            (_lastId, _lastPage) = await _store.ReadAsync(connection => (EntryTable.LastId(connection), KeyTable.LastPage(connection)), cancellationToken);
            _numbered = true;
        }
        finally
        {
            _gate.Release();
        }
    }
}
