using System.Runtime.InteropServices;
using System.Text;

namespace Opaline.Ingestion;

/// <summary>
/// Numbers the paths that occur in a batch: first those of the dataset's fields, then the others in the order in which they are met.
/// </summary>
internal sealed class BatchPaths
{
    private readonly FieldPaths _known;
    private readonly Dictionary<byte[], int> _met = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _names = [];
    private int[] _lastEvent;

    public BatchPaths(FieldPaths known)
    {
        _known = known;
        _lookup = _met.GetAlternateLookup<ReadOnlySpan<byte>>();
        _lastEvent = new int[known.Count + 16];
        _lastEvent.AsSpan().Fill(-1);
    }

    public FieldPaths Known => _known;

    /// <summary>How many paths have a number.</summary>
    public int Count => _known.Count + _names.Count;

    /// <summary>The number of the path.</summary>
    public int Number(ReadOnlySpan<byte> path)
    {
        int slot = _known.Find(path);
        if (slot >= 0)
            return slot;
        ref int met = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, path, out bool exists);
        if (exists)
            return met;
        met = Count;
        _names.Add(path.ToArray());
        if (met >= _lastEvent.Length)
        {
            int old = _lastEvent.Length;
            Array.Resize(ref _lastEvent, old * 2);
            _lastEvent.AsSpan(old).Fill(-1);
        }

        return met;
    }

    /// <summary>Notes that the event has the path; false if it had it already.</summary>
    public bool Claim(int slot, int eventIndex)
    {
        if (_lastEvent[slot] == eventIndex)
            return false;
        _lastEvent[slot] = eventIndex;
        return true;
    }

    /// <summary>The path as text.</summary>
    public string Name(int slot) => slot < _known.Count ? _known.Name(slot) : Encoding.UTF8.GetString(_names[slot - _known.Count]);
}
