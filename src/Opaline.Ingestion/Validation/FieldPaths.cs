using System.Collections.Immutable;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Ingestion;

/// <summary>Numbers the paths of a dataset's fields, in their order, and one more: the event id.</summary>
internal sealed class FieldPaths
{
    /// <summary>The property that names an event for deduplication. Only hashed, never stored.</summary>
    public const string EventId = "event_id";

    private readonly Dictionary<byte[], int> _slots = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly ImmutableArray<Field> _fields;

    public FieldPaths(Dataset dataset)
    {
        _fields = dataset.Fields;
        _lookup = _slots.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int i = 0; i < _fields.Length; i++)
        {
            _slots.Add(Encoding.UTF8.GetBytes(_fields[i].Name), i);
            if (_fields[i].Role == FieldRole.Subject)
                Subject = i;
            if (_fields[i].Role == FieldRole.Time)
                Time = i;
        }

        // A dataset whose own field has this name keeps it; its values are the ids as well.
        byte[] id = Encoding.UTF8.GetBytes(EventId);
        Id = _slots.TryAdd(id, _fields.Length) ? _fields.Length : _slots[id];
        Count = Id == _fields.Length ? _fields.Length + 1 : _fields.Length;
    }

    public int Count { get; }

    public int Subject { get; }

    public int Time { get; }

    public int Id { get; }

    /// <summary>Whether the dataset has a field of the event id's name, so that its values are stored too.</summary>
    public bool HasIdField => Id < _fields.Length;

    public int Find(ReadOnlySpan<byte> path) => _lookup.TryGetValue(path, out int slot) ? slot : -1;

    public string Name(int slot) => slot < _fields.Length ? _fields[slot].Name : EventId;
}
