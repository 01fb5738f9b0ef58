using System.Diagnostics;
using System.Security.Cryptography;
using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.TokenVault;

/// <summary>The distinct entries of a batch, subjects first, and the keys of its subjects in one pinned buffer that is zeroed at the end.</summary>
internal sealed class BatchSlots : IDisposable
{
    private readonly List<EntrySlot> _slots;
    private readonly byte[] _keys;
    private readonly bool[] _hasKey;

    private BatchSlots(List<EntrySlot> slots, int subjects)
    {
        _slots = slots;
        Subjects = subjects;
        _keys = GC.AllocateArray<byte>(subjects * SealedBox.KeySize, pinned: true);
        _hasKey = new bool[subjects];
    }

    /// <summary>One slot per distinct value.</summary>
    /// <param name="ring">Knows the numbers of the scopes.</param>
    /// <param name="subjectScope">The dataset's subject scope.</param>
    /// <param name="rawSubjects">Identifiers as they came.</param>
    /// <param name="values">Values to tokenize.</param>
    /// <param name="subjects">The slot of each subject.</param>
    /// <param name="entries">The slot of each value.</param>
    /// <exception cref="ArgumentException">A value is of no subject of the batch.</exception>
    public static BatchSlots Of(
        TenantRing ring, string subjectScope, IReadOnlyList<string> rawSubjects, IReadOnlyList<VaultValue> values, out int[] subjects, out int[] entries)
    {
        Dictionary<EntryKey, int> known = new(rawSubjects.Count + values.Count);
        Dictionary<string, string> storedScopes = [];
        List<EntrySlot> slots = [];
        subjects = new int[rawSubjects.Count];
        entries = new int[values.Count];
        string scope = StoredScope.OfSubjects(subjectScope);
        for (int i = 0; i < rawSubjects.Count; i++)
            subjects[i] = Slot(scope, TokenKind.Identifier, rawSubjects[i]);
        int distinctSubjects = slots.Count;
        for (int i = 0; i < values.Count; i++)
        {
            if ((uint)values[i].SubjectIndex >= (uint)subjects.Length)
                throw new ArgumentException("A value's subject index lies outside the batch's subjects.", nameof(values));
            if (!storedScopes.TryGetValue(values[i].Scope, out string? stored))
                storedScopes[values[i].Scope] = stored = StoredScope.OfValues(values[i].Scope);
            entries[i] = Slot(stored, values[i].Kind, values[i].Raw);
        }

        return new BatchSlots(slots, distinctSubjects);

        int Slot(string storedScope, TokenKind kind, string raw)
        {
            EntryKey key = new(ring.ScopeNumber(storedScope) ?? throw new UnreachableException(), ring.Join(storedScope, kind, raw));
            if (!known.TryGetValue(key, out int slot))
            {
                known[key] = slot = slots.Count;
                slots.Add(new EntrySlot(key, raw));
            }

            return slot;
        }
    }

    public int Count => _slots.Count;

    /// <summary>How many of the slots, the first ones, are subjects.</summary>
    public int Subjects { get; }

    public EntrySlot this[int index] => _slots[index];

    public bool Complete => _slots.TrueForAll(s => s.Id != 0) && !_hasKey.Contains(false);

    public IEnumerable<PendingEntry> Pending => _slots.Where(s => s.Pending is not null).Select(s => s.Pending!);

    public Span<byte> Key(int subject) => _keys.AsSpan(subject * SealedBox.KeySize, SealedBox.KeySize);

    public bool NeedsKey(int slot) => slot < Subjects && !_hasKey[slot];

    /// <summary>The subject's key has been copied to <see cref="Key"/>.</summary>
    public void HasKey(int subject) => _hasKey[subject] = true;

    public void Dispose() => CryptographicOperations.ZeroMemory(_keys);
}
