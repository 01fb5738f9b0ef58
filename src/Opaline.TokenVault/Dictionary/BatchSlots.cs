using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>The distinct entries of a batch, subjects first, and the keys of its subjects in one pinned buffer that is zeroed at the end.</summary>
internal sealed class BatchSlots : IDisposable
{
    private readonly List<EntrySlot> _slots;
    private readonly byte[] _keys;
    private readonly bool[] _hasKey;

    public BatchSlots(List<EntrySlot> slots, int subjects)
    {
        _slots = slots;
        Subjects = subjects;
        _keys = GC.AllocateArray<byte>(subjects * SealedBox.KeySize, pinned: true);
        _hasKey = new bool[subjects];
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
