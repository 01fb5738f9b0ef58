using System.Text.Json;
using System.Text.Unicode;

namespace Opaline.Ingestion;

/// <summary>
/// Splits a body into events and reads each in one pass. Broken JSON in an array refuses the whole body, as nobody knows where the next
/// event begins; in NDJSON it refuses its line.
/// </summary>
internal sealed class BatchReader(BatchRules rules, BatchPaths paths)
{
    private readonly EventReader _events = new(rules, paths);

    /// <summary>Reads the body.</summary>
    /// <exception cref="IngestRefusedException">The body as a whole cannot be read.</exception>
    public ParsedBatch Read(ReadOnlySpan<byte> body, BodyFormat format)
    {
        ParsedBatch batch = new();
        int start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (format == BodyFormat.NdJson)
            ReadLines(body, start, batch);
        else
            ReadDocument(body, start, batch);
        return batch;
    }

    private static IngestRefusedException MalformedDocument(long at) =>
        new(IngestRefusals.MalformedJson, $"The body is not well-formed JSON near byte {at}. Nothing of it was stored; correct it, or send NDJSON, where a broken line is refused alone.", "$");

    // The reader's own limit would refuse the whole body for one deep event: depth is checked per event.
    private static Utf8JsonReader Open(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });

    private void ReadDocument(ReadOnlySpan<byte> body, int start, ParsedBatch batch)
    {
        Utf8JsonReader reader = Open(body[start..]);
        try
        {
            if (!Utf8.IsValid(body) || !reader.Read())
                throw MalformedDocument(0);
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    ReadNext(ref reader, body, start, batch);
            }
            else
            {
                ReadNext(ref reader, body, start, batch);
            }

            // Anything but blanks after the value makes it throw.
            reader.Read();
        }
        catch (JsonException)
        {
            throw MalformedDocument(start + reader.BytesConsumed);
        }
    }

    private void ReadLines(ReadOnlySpan<byte> body, int start, ParsedBatch batch)
    {
        bool valid = Utf8.IsValid(body);
        while (start < body.Length)
        {
            int length = body[start..].IndexOf((byte)'\n');
            length = length < 0 ? body.Length - start : length;
            ReadOnlySpan<byte> line = body.Slice(start, length);
            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
                ReadLine(body, line, start, valid || Utf8.IsValid(line), batch);
            start += length + 1;
        }
    }

    private void ReadLine(ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, int start, bool valid, ParsedBatch batch)
    {
        int index = batch.Seen;
        int events = batch.Events.Count, cells = batch.Cells.Count, rejected = batch.Rejected;
        if (!valid)
        {
            batch.RefuseMalformed(index);
            return;
        }

        Utf8JsonReader reader = Open(line);
        try
        {
            reader.Read();
            ReadNext(ref reader, body, start, batch);
            reader.Read();
        }
        catch (JsonException)
        {
            // What stood before the fault goes too: a line is one event or none.
            batch.Events.RemoveRange(events, batch.Events.Count - events);
            batch.Cells.RemoveRange(cells, batch.Cells.Count - cells);
            if (batch.Rejected == rejected)
                batch.RefuseMalformed(index);
        }
    }

    private void ReadNext(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int origin, ParsedBatch batch)
    {
        if (batch.Seen >= rules.Limits.MaxEventsPerBatch)
        {
            throw new IngestRefusedException(
                IngestRefusals.TooManyEvents, $"A batch has at most {rules.Limits.MaxEventsPerBatch} events. Nothing of it was stored; send smaller batches.");
        }

        _events.Read(ref reader, body, origin, batch);
    }
}
