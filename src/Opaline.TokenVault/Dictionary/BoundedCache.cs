using System.Diagnostics.CodeAnalysis;

namespace Opaline.TokenVault;

/// <summary>
/// A cache of at most <paramref name="capacity"/> items in two generations: when the young one is full it becomes the old one, and the old
/// one is dropped unless its items were used meanwhile. Constant work per call. Not safe for use by many threads.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public int Count => _young.Count + _old.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value))
            return true;
        if (!_old.Remove(key, out value))
            return false;
        Put(key, value);
        return true;
    }

    public void Remove(TKey key)
    {
        _young.Remove(key);
        _old.Remove(key);
    }

    public void Put(TKey key, TValue value)
    {
        if (_young.Count >= _generation)
            (_old, _young) = (_young, []);
        _young[key] = value;
        _old.Remove(key);
    }
}
