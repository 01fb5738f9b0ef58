using Opaline.Storage;

namespace Opaline.TokenVault;

/// <summary>
/// A batch's dictionary ids and the keys of its subjects. For one caller at a time; dispose it once the batch's transaction has ended,
/// which zeroes the keys and forgets new entries that nobody has committed.
/// </summary>
public sealed class VaultBatch : IDisposable
{
    private readonly EntryIndex _index;
    private readonly TenantRing _ring;
    private readonly BatchSlots _slots;
    private readonly int[] _subjects;
    private readonly int[] _entries;
    private readonly long _generation;
    private readonly List<Holder> _holders = [];
    private bool _disposed;

    internal VaultBatch(EntryIndex index, TenantRing ring, BatchSlots slots, int[] subjects, int[] entries, long generation)
    {
        _index = index;
        _ring = ring;
        _slots = slots;
        _subjects = subjects;
        _entries = entries;
        _generation = generation;
    }

    /// <summary>Dictionary id of the subject of that index.</summary>
    public long SubjectId(int index) => _slots[_subjects[index]].Id;

    /// <summary>
    /// 16 bytes that are equal exactly if the identifiers are, before and after an erasure: whoever is erased and comes back has another id. They are for
    /// <see cref="Digest"/> alone: with the scope's key a guess could be tested against them.
    /// </summary>
    public byte[] SubjectIdentity(int index) => _slots[_subjects[index]].Key.JoinId.ToArray();

    /// <summary>Dictionary id of the value of that index.</summary>
    public long EntryId(int index) => _slots[_entries[index]].Id;

    /// <summary>Seals under the subject's key with AES-256-GCM. Needs no writer.</summary>
    /// <param name="subjectIndex">Whose key.</param>
    /// <param name="plaintext">What to seal.</param>
    /// <param name="associatedData">What it belongs to (such as the event key); needed again to open it.</param>
    public byte[] Seal(int subjectIndex, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int slot = _subjects[subjectIndex];
        return SubjectKey.SealRow(_slots.Key(slot), _slots[slot].Id, plaintext, associatedData);
    }

    /// <summary>
    /// HMAC-SHA256 of the message under a key of the tenant that serves nothing else (scope secret <c>hmac/ingest/1</c>): ingestion derives
    /// event keys and names idempotency keys by it, so that a stolen table does not let anyone test guesses of ids or bodies.
    /// </summary>
    /// <param name="message">Anything; the same message has the same digest in every batch of the tenant.</param>
    /// <param name="digest">Takes the 32 bytes.</param>
    public void Digest(ReadOnlySpan<byte> message, Span<byte> digest) => _ring.Digest(message, digest);

    /// <summary>Writes the entries, holders and keys that are not yet known to be committed. Call it in the transaction that stores the rows.</summary>
    /// <exception cref="VaultChangedException">Somebody was erased, or the keys were renewed, meanwhile; nothing of the batch may be stored. Resolve it again.</exception>
    /// <exception cref="StorageFailureException">The dictionary changed meanwhile otherwise; nothing of the batch may be stored.</exception>
    public void Save(ControlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_index.WrittenGeneration != _generation)
            throw new VaultChangedException();
        PendingEntry[] carried = [.. _slots.Pending.Where(p => !p.Committed)];
        if (carried.Length == 0 && _holders.Count == 0)
            return;
        // In the order of the table's key: what is appended fills its pages.
        Holder[] held =
            [.. carried.Where(p => p.Subject is not null).Select(p => p.Subject!.Identity).Concat(_holders).OrderBy(h => h.SubjectId).ThenBy(h => h.EntryId)];
        EntryTable.Insert(transaction, carried);
        KeyTable.Insert(transaction, _ring.Tenant, carried);
        EntryTable.InsertHolders(transaction, held);
        transaction.OnCommitted(() => _index.Committed(carried, _holders));
    }

    /// <summary>Zeroes the keys, and forgets entries of this batch that nobody else uses and nobody has committed.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _index.Release(_slots.Pending);
        _slots.Dispose();
    }

    /// <summary>Seals each value under the key of the subject that has it, unless the store is known to hold it so.</summary>
    internal void SealHolders(IReadOnlyList<VaultValue> values)
    {
        HashSet<(long, long)> seen = [];
        for (int i = 0; i < values.Count; i++)
        {
            int slot = _subjects[values[i].SubjectIndex];
            (long entry, long subject) = (EntryId(i), _slots[slot].Id);
            if (seen.Add((entry, subject)) && !_index.KnowsHolder(entry, subject))
                _holders.Add(_ring.SealHolder(_slots.Key(slot), entry, subject, values[i].Raw));
        }
    }
}
