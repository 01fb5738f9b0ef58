using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Opaline.Cli.Import;

/// <summary>NDJSON, gzipped or not, streamed: a file of any size takes little memory.</summary>
internal sealed class NdJsonSource(string path) : IImportSource
{
    private readonly long _length = new FileInfo(path).Length;
    private long _read;

    public IReadOnlyList<string>? Columns => null;

    public double Share => _length == 0 ? 1 : (double)Interlocked.Read(ref _read) / _length;

    public async Task<IReadOnlyList<string>> DistinctAsync(string column, int most, CancellationToken cancellationToken)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        string[] path = column.Split('.');
        await foreach (ReadOnlyMemory<byte> line in LinesAsync(cancellationToken))
        {
            if (Value(line, path) is { } value && found.Add(value) && found.Count > most)
                break;
        }

        return [.. found];
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RowsAsync(string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> row = new();
        string prefix = JsonEncodedText.Encode(key).ToString();
        long number = 0;
        await foreach (ReadOnlyMemory<byte> line in LinesAsync(cancellationToken))
        {
            number++;
            if (!TakesAnId(line.Span, out int start, out bool empty))
            {
                // It has an id of its own, or is no object: the server says what is wrong with it, by its number.
                yield return line;
                continue;
            }

            row.ResetWrittenCount();
            row.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"event_id\":\"{prefix}:{number}\"{(empty ? "" : ",")}")));
            row.Write(line.Span[start..]);
            yield return row.WrittenMemory;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Whether the line is an object without an event_id; <paramref name="start"/> is the place after its brace.</summary>
    private static bool TakesAnId(ReadOnlySpan<byte> line, out int start, out bool empty)
    {
        start = 0;
        empty = true;
        Utf8JsonReader reader = new(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            start = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                empty = false;
                if (reader.ValueTextEquals("event_id"u8))
                    return false;
                reader.Read();
                reader.Skip();
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Value(ReadOnlyMemory<byte> line, string[] path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement element = json.RootElement;
            foreach (string name in path)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                    return null;
            }

            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using Stream text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        PipeReader pipe = PipeReader.Create(text, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        while (true)
        {
            ReadResult result = await pipe.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            Interlocked.Exchange(ref _read, file.Position);
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (Line(buffer.Slice(0, end)) is { Length: > 0 } line)
                    yield return line;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (result.IsCompleted)
            {
                if (Line(buffer) is { Length: > 0 } last)
                    yield return last;
                yield break;
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The line without the blanks around it (a carriage return among them).</summary>
    private static ReadOnlyMemory<byte> Line(ReadOnlySequence<byte> line)
    {
        ReadOnlyMemory<byte> bytes = line.IsSingleSegment ? line.First : line.ToArray();
        return bytes.Trim(" \t\r"u8);
    }
}
