using System.Security.Cryptography;
using Opaline.KeyManagement;

namespace Opaline.TokenVault;

/// <summary>
/// Unwrapped subject keys in one pinned buffer, first in first out: bounded in number and in age, and zeroed when they leave. Not safe for
/// use by many threads.
/// </summary>
internal sealed class SubjectKeyCache
{
    // Dictionary ids begin at 1.
    private const long Nobody = 0;

    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly byte[] _keys;
    private readonly (long Subject, long PutAt)[] _slots;
    private readonly Dictionary<long, int> _bySubject = [];
    private int _oldest;
    private int _count;

    public SubjectKeyCache(int capacity, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _time = time;
        _lifetime = lifetime;
        _keys = GC.AllocateArray<byte>(capacity * SealedBox.KeySize, pinned: true);
        _slots = new (long, long)[capacity];
    }

    public int Count => _count;

    /// <summary>Copies the subject's key, if it is here and not too old.</summary>
    public bool TryCopy(long subject, Span<byte> destination)
    {
        DropExpired();
        if (!_bySubject.TryGetValue(subject, out int slot))
            return false;
        Key(slot).CopyTo(destination);
        return true;
    }

    public void Put(long subject, ReadOnlySpan<byte> key)
    {
        if (_bySubject.ContainsKey(subject))
            return;
        if (_count == _slots.Length)
            DropOldest();
        int slot = (_oldest + _count) % _slots.Length;
        _slots[slot] = (subject, _time.GetTimestamp());
        key.CopyTo(Key(slot));
        _bySubject[subject] = slot;
        _count++;
    }

    /// <summary>Zeroes the subject's key, if it is here; its place is free when its turn comes.</summary>
    public void Remove(long subject)
    {
        if (!_bySubject.Remove(subject, out int slot))
            return;
        CryptographicOperations.ZeroMemory(Key(slot));
        _slots[slot].Subject = Nobody;
    }

    public void DropExpired()
    {
        while (_count > 0 && _time.GetElapsedTime(_slots[_oldest].PutAt) >= _lifetime)
            DropOldest();
    }

    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_keys);
        _bySubject.Clear();
        _oldest = _count = 0;
    }

    private void DropOldest()
    {
        CryptographicOperations.ZeroMemory(Key(_oldest));
        _bySubject.Remove(_slots[_oldest].Subject);
        _oldest = (_oldest + 1) % _slots.Length;
        _count--;
    }

    private Span<byte> Key(int slot) => _keys.AsSpan(slot * SealedBox.KeySize, SealedBox.KeySize);
}
