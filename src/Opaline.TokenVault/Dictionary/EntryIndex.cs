namespace Opaline.TokenVault;

/// <summary>
/// What the vault knows without asking the store: entries that wait for a commit, and bounded caches of entries, holders and keys. Safe for
/// use by many threads; every call is short, so a commit may publish here.
/// </summary>
internal sealed class EntryIndex(VaultOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EntryKey, PendingEntry> _pending = [];
    private readonly BoundedCache<EntryKey, long> _entries = new(options.MaxCachedEntries);
    private readonly BoundedCache<(long Entry, long Subject), bool> _holders = new(options.MaxCachedHolders);
    private readonly SubjectKeyCache _keys = new(options.MaxCachedKeys, options.KeyLifetime, time);
    private long _generation;
    private long _written;

    /// <summary>Number of erasures and renewals of keys that this index has forgotten what was erased by. A batch takes it before it looks anything up.</summary>
    public long Generation
    {
        get
        {
            lock (_lock)
                return _generation;
        }
    }

    /// <summary>Number of erasures and renewals of keys that a transaction has carried out, committed or about to be; for the store's writer.</summary>
    public long WrittenGeneration => Volatile.Read(ref _written);

    /// <summary>Entries that no transaction has committed yet.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
                return _pending.Count;
        }
    }

    /// <summary>
    /// Gives ids to the slots that are known here, and keys to the subjects among them. The batch becomes a user of each
    /// pending entry.
    /// </summary>
    public void Use(BatchSlots slots)
    {
        lock (_lock)
        {
            for (int i = 0; i < slots.Count; i++)
            {
                EntrySlot slot = slots[i];
                if (slot.Id == 0)
                    UseEntry(slot);
                if (slot.Id != 0 && slots.NeedsKey(i) && CopyKey(slot, slots.Key(i)))
                    slots.HasKey(i);
            }
        }
    }

    /// <summary>Adds an entry that has just been given an id, used by one batch.</summary>
    public void Add(PendingEntry entry)
    {
        lock (_lock)
        {
            entry.Users = 1;
            _pending.Add(entry.Key, entry);
            if (entry.Subject is { } subject)
                _keys.Put(entry.Id, subject.Key.Span);
        }
    }

    /// <summary>Remembers an entry that the store has.</summary>
    public void Learn(EntryKey key, long id)
    {
        lock (_lock)
            _entries.Put(key, id);
    }

    /// <summary>Remembers a subject's key for a short time.</summary>
    public void LearnKey(long subject, ReadOnlySpan<byte> key)
    {
        lock (_lock)
            _keys.Put(subject, key);
    }

    /// <summary>Whether the store is known to have the holder. False may also mean that it was forgotten.</summary>
    public bool KnowsHolder(long entry, long subject)
    {
        lock (_lock)
            return _holders.TryGet((entry, subject), out _);
    }

    /// <summary>A transaction that carried these has committed.</summary>
    public void Committed(IEnumerable<PendingEntry> entries, IEnumerable<Holder> holders)
    {
        lock (_lock)
        {
            foreach (PendingEntry entry in entries)
            {
                if (entry.Committed)
                    continue;
                entry.Subject?.Page.Commit();
                entry.Commit();
                _pending.Remove(entry.Key);
                _entries.Put(entry.Key, entry.Id);
            }
            foreach (Holder holder in holders)
                _holders.Put((holder.EntryId, holder.SubjectId), true);
        }
    }

    /// <summary>The writer has carried out an erasure, or made other keys primary: batches that were resolved before must not be stored after it in the same group.</summary>
    public void Erasing() => Interlocked.Increment(ref _written);

    /// <summary>
    /// An erasure has committed. Entries that wait for a commit are forgotten with it, as their keys may be wrapped under the page that was
    /// replaced; the batches that brought them will be resolved again.
    /// </summary>
    /// <param name="subjects">Who was erased.</param>
    /// <param name="holders">What they held: entry and subject.</param>
    /// <param name="entries">Entries that nobody holds any more.</param>
    public void Erased(IEnumerable<long> subjects, IEnumerable<(long Entry, long Subject)> holders, IEnumerable<EntryKey> entries)
    {
        lock (_lock)
        {
            _pending.Clear();
            foreach (long subject in subjects)
                _keys.Remove(subject);
            foreach ((long, long) holder in holders)
                _holders.Remove(holder);
            foreach (EntryKey entry in entries)
                _entries.Remove(entry);
            _generation++;
        }
    }

    /// <summary>Another version of the tenant's keys is the primary one: entries that wait for a commit are forgotten, and made anew under it.</summary>
    public void Renewed() => Erased([], [], []);

    /// <summary>A batch has ended. Entries that nobody uses and nobody committed are forgotten: their ids were never stored.</summary>
    public void Release(IEnumerable<PendingEntry> entries)
    {
        lock (_lock)
        {
            foreach (PendingEntry entry in entries)
            {
                entry.Users--;
                if (entry.Users > 0 || entry.Committed)
                    continue;
                if (_pending.TryGetValue(entry.Key, out PendingEntry? now) && now == entry)
                    _pending.Remove(entry.Key);
                entry.Forget();
            }
        }
    }

    public void DropExpiredKeys()
    {
        lock (_lock)
            _keys.DropExpired();
    }

    public void ClearKeys()
    {
        lock (_lock)
            _keys.Clear();
    }

    private void UseEntry(EntrySlot slot)
    {
        if (_pending.TryGetValue(slot.Key, out PendingEntry? pending))
        {
            pending.Users++;
            slot.Pending = pending;
            slot.Id = pending.Id;
        }
        else if (_entries.TryGet(slot.Key, out long id))
        {
            slot.Id = id;
        }
    }

    private bool CopyKey(EntrySlot slot, Span<byte> destination)
    {
        if (slot.Pending is { Committed: false, Subject: { } subject })
        {
            subject.Key.Span.CopyTo(destination);
            return true;
        }
        return _keys.TryCopy(slot.Id, destination);
    }
}
