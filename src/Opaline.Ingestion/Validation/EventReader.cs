using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Opaline.Storage;

namespace Opaline.Ingestion;

/// <summary>
/// Reads one event: nested objects flatten to dotted paths, every value becomes a <see cref="Cell"/>, and the first broken rule
/// refuses the event. A fault leaves the reader at the event's end, so that the next one can be read.
/// </summary>
internal sealed class EventReader(BatchRules rules, BatchPaths paths)
{
    /// <summary>Levels of objects that become columns, the event itself included; what lies below is sealed whole.</summary>
    public const int FlattenedLevels = 5;

    private const int LongestPath = 1_024;
    private const int LongestNumber = 64;
    private const int LongestSubject = 512;
    private const int LongestId = 256;

    private readonly byte[] _path = new byte[LongestPath];
    private byte[] _scratch = new byte[256];
    private int _index;
    private int _origin;
    private int _properties;
    private int _deepest;
    private Cell? _subject;
    private Cell? _id;
    private Cell? _time;

    /// <summary>Reads the value that the reader stands at.</summary>
    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int origin, ParsedBatch batch)
    {
        int first = batch.Cells.Count;
        int depth = reader.CurrentDepth;
        long start = reader.TokenStartIndex;
        (_index, _origin, _properties, _subject, _id, _time) = (batch.Seen, origin, 0, null, null, null);
        _deepest = depth + rules.Limits.MaxDepth;
        EventFault? fault;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            fault = ReadObject(ref reader, batch.Cells, 0, 1);
            while (reader.CurrentDepth > depth || reader.TokenType != JsonTokenType.EndObject)
                reader.Read();
        }
        else
        {
            fault = new EventFault("$", "an event is a JSON object");
            reader.Skip();
        }

        if (fault is null && reader.BytesConsumed - start > rules.Limits.MaxEventBytes)
            fault = new EventFault("$", $"an event has at most {rules.Limits.MaxEventBytes} bytes");
        long micros = 0;
        fault ??= CheckSubject(body) ?? CheckId(body) ?? CheckRequired(batch.Cells, first) ?? CheckTime(body, out micros);
        if (fault is null)
        {
            batch.Events.Add(new ParsedEvent(_index, _subject!.Value, _id, micros, first, batch.Cells.Count - first));
            return;
        }

        CollectionsMarshal.SetCount(batch.Cells, first);
        batch.Refuse(_index, fault);
    }

    private EventFault? ReadObject(ref Utf8JsonReader reader, List<Cell> cells, int prefix, int level)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (++_properties > rules.Limits.MaxPropertiesPerEvent)
                return new EventFault("$", $"an event has at most {rules.Limits.MaxPropertiesPerEvent} properties");
            if (ReadName(ref reader, prefix, out int length) is { } badName)
                return badName;
            ReadOnlySpan<byte> path = _path.AsSpan(0, length);
            reader.Read();
            int slot = paths.Number(path);
            if (!paths.Claim(slot, _index))
                return new EventFault(FaultPath.Of(path), "stands twice in the event");
            EventFault? fault = reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.StartObject when level < FlattenedLevels && reader.CurrentDepth < _deepest && !IsSingle(slot) =>
                    ReadObject(ref reader, cells, length, level + 1),
                JsonTokenType.StartObject or JsonTokenType.StartArray => ReadWhole(ref reader, cells, slot, path),
                _ => ReadScalar(ref reader, cells, slot, path),
            };
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private EventFault? ReadName(ref Utf8JsonReader reader, int prefix, out int length)
    {
        length = prefix;
        if (length > 0)
            _path[length++] = (byte)'.';
        EventFault? fault = CheckName(ref reader, prefix);
        if (fault is not null)
            return fault;
        if (length + reader.ValueSpan.Length > LongestPath)
            return new EventFault(FaultPath.Of(_path.AsSpan(0, prefix)), $"a name with its path has at most {LongestPath} bytes");
        length += reader.CopyString(_path.AsSpan(length));
        return null;
    }

    private EventFault? CheckName(ref Utf8JsonReader reader, int prefix)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            int length = Unescape(ref reader);
            if (length < 0)
                return new EventFault(FaultPath.Of(_path.AsSpan(0, prefix)), "a name is not valid Unicode");
            name = _scratch.AsSpan(0, length);
        }

        return JsonText.HasControl(name) ? new EventFault(FaultPath.Of(_path.AsSpan(0, prefix)), "a name holds a control character") : null;
    }

    private EventFault? ReadScalar(ref Utf8JsonReader reader, List<Cell> cells, int slot, ReadOnlySpan<byte> path)
    {
        if (CheckScalar(ref reader, path) is { } fault)
            return fault;
        CellKind kind = reader.TokenType switch
        {
            JsonTokenType.String => CellKind.Text,
            JsonTokenType.Number => CellKind.Number,
            JsonTokenType.True => CellKind.True,
            _ => CellKind.False,
        };
        Cell cell = new(slot, _origin + (int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), kind, reader.ValueIsEscaped);
        FieldPaths known = paths.Known;
        if (slot == known.Subject)
            _subject = cell;
        else if (slot == known.Time)
            _time = cell;
        else if (slot != known.Id || known.HasIdField)
            cells.Add(cell);
        if (slot == known.Id)
            _id = cell;
        return null;
    }

    private EventFault? CheckScalar(ref Utf8JsonReader reader, ReadOnlySpan<byte> path)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.ValueSpan.Length > LongestNumber ? new EventFault(FaultPath.Of(path), $"a number has at most {LongestNumber} characters") : null;
        if (reader.TokenType != JsonTokenType.String)
            return null;
        int length = reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan.Length;
        if (length < 0)
            return new EventFault(FaultPath.Of(path), "is not valid Unicode");
        return length > rules.Limits.MaxStringBytes
            ? new EventFault(FaultPath.Of(path), $"a text has at most {rules.Limits.MaxStringBytes} bytes")
            : null;
    }

    // An array or a deep object stays one value. Its rules are those of the event; only its names get no column.
    private EventFault? ReadWhole(ref Utf8JsonReader reader, List<Cell> cells, int slot, ReadOnlySpan<byte> path)
    {
        int depth = reader.CurrentDepth;
        int start = (int)reader.TokenStartIndex;
        Stack<HashSet<string>> names = new();
        do
        {
            EventFault? fault = null;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= _deepest:
                    fault = new EventFault(FaultPath.Of(path), $"an event is nested at most {rules.Limits.MaxDepth} levels deep");
                    break;
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    fault = CheckName(ref reader, path.Length);
                    if (fault is null && ++_properties > rules.Limits.MaxPropertiesPerEvent)
                        fault = new EventFault("$", $"an event has at most {rules.Limits.MaxPropertiesPerEvent} properties");
                    else if (fault is null && !names.Peek().Add(reader.GetString()!))
                        fault = new EventFault(FaultPath.Of(path), "holds a name twice in one object");
                    break;
                default:
                    fault = CheckScalar(ref reader, path);
                    break;
            }

            if (fault is not null)
                return fault;
        }
        while (!(reader.CurrentDepth == depth && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) && reader.Read());

        if (IsSingle(slot))
            return new EventFault(FaultPath.Of(path), "must be a single value");
        cells.Add(new Cell(slot, _origin + start, (int)reader.BytesConsumed - start, CellKind.Whole, false));
        return null;
    }

    private EventFault? CheckSubject(ReadOnlySpan<byte> body)
    {
        string path = Path(paths.Known.Subject);
        if (_subject is not { } subject)
            return new EventFault(path, "is required");
        if (subject.Kind != CellKind.Text && !(subject.Kind == CellKind.Number && subject.Json(body).IndexOfAny(".eE"u8) < 0))
            return new EventFault(path, "must be a text or a whole number");
        ReadOnlySpan<byte> text = JsonText.Utf8(subject, body, ref _scratch);
        if (text.Length > LongestSubject || text.Trim((byte)' ').IsEmpty || (text[0] >= 0x80 && string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(text))))
            return new EventFault(path, $"must have 1 to {LongestSubject} bytes");
        return JsonText.HasControl(text) ? new EventFault(path, "must not hold control characters") : null;
    }

    private EventFault? CheckId(ReadOnlySpan<byte> body)
    {
        if (_id is not { } id)
            return null;
        if (id.Kind is not (CellKind.Text or CellKind.Number))
            return new EventFault(Path(paths.Known.Id), "must be a text or a number");
        return JsonText.Utf8(id, body, ref _scratch).Length is 0 or > LongestId
            ? new EventFault(Path(paths.Known.Id), $"must have 1 to {LongestId} bytes")
            : null;
    }

    private EventFault? CheckRequired(List<Cell> cells, int first)
    {
        foreach (int slot in rules.Required)
        {
            bool found = false;
            for (int i = first; i < cells.Count && !found; i++)
                found = cells[i].Slot == slot;
            if (!found)
                return new EventFault(Path(slot), "is required");
        }

        return null;
    }

    private EventFault? CheckTime(ReadOnlySpan<byte> body, out long micros)
    {
        micros = 0;
        string path = Path(paths.Known.Time);
        if (_time is not { } time)
            return new EventFault(path, "is required");
        if (time.Kind != CellKind.Text || !TimeText.TryRead(JsonText.Utf8(time, body, ref _scratch), rules.Zone, out micros))
            return new EventFault(path, "must be an RFC 3339 time such as 2024-01-15T10:30:00Z");
        if (micros < UnixMicros.From(rules.Range.From) || micros >= UnixMicros.From(rules.Range.To))
            return new EventFault(path, "lies outside the dataset's declared time range");
        return micros > UnixMicros.From(rules.Latest) ? new EventFault(path, "lies in the future") : null;
    }

    // Into the scratch buffer; -1 if it is half a surrogate pair, which is no text at all.
    private int Unescape(ref Utf8JsonReader reader)
    {
        if (_scratch.Length < reader.ValueSpan.Length)
            _scratch = new byte[reader.ValueSpan.Length];
        try
        {
            return reader.CopyString(_scratch);
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    // What says whom, when and which is never an object.
    private bool IsSingle(int slot) => slot == paths.Known.Subject || slot == paths.Known.Time || slot == paths.Known.Id;

    private string Path(int slot) => "$." + paths.Known.Name(slot);
}
