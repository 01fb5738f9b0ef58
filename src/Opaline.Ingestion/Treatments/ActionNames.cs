using System.Buffers;
using System.Collections.Concurrent;

namespace Opaline.Ingestion;

/// <summary>
/// The distinct actions of a dataset. Actions name metrics, so only short plain words are kept, and only so many: a client that puts
/// something else there (a page title, a person) must not make of it a column of open text.
/// </summary>
internal sealed class ActionNames
{
    /// <summary>Longest action that is kept.</summary>
    public const int Longest = 64;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/-"u8);

    private readonly ConcurrentDictionary<string, bool> _names;
    private int _room;

    /// <summary>Starts from what the event store holds.</summary>
    public ActionNames(int most, IEnumerable<string> stored)
    {
        _names = new ConcurrentDictionary<string, bool>(stored.Select(s => KeyValuePair.Create(s, true)), StringComparer.Ordinal);
        _room = most - _names.Count;
    }

    /// <summary>Whether it has the form of an action.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> utf8) => utf8.Length is > 0 and <= Longest && utf8.IndexOfAnyExcept(Allowed) < 0;

    /// <summary>Whether the action is known or there is room for it.</summary>
    public bool Admit(string action)
    {
        if (_names.ContainsKey(action))
            return true;
        if (Interlocked.Decrement(ref _room) >= 0 && _names.TryAdd(action, true))
            return true;
        // No room, or another batch was faster with the same one: give the place back.
        Interlocked.Increment(ref _room);
        return _names.ContainsKey(action);
    }
}
