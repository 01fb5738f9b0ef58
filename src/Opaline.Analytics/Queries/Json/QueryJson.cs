using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Opaline.Analytics;

/// <summary>
/// The JSON form of a query. Reading is strict: an unknown or repeated property, a wrong type or a text that is too long is refused with its JSON path,
/// since a misspelt condition that is silently dropped would answer another question.
/// </summary>
public static class QueryJson
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = 2 * QueryLimits.MaxDepth + 8,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a query from UTF-8 text.</summary>
    /// <exception cref="QueryRefusedException">The text is no query.</exception>
    public static Query Parse(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = Open(utf8, QueryLimits.MaxBytes);
        return Parse(document.RootElement);
    }

    /// <summary>Reads strict JSON.</summary>
    internal static JsonDocument Open(ReadOnlyMemory<byte> utf8, int maxBytes, int levels = 0)
    {
        if (utf8.Length > maxBytes)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {maxBytes} bytes.", "$");
        try
        {
            return JsonDocument.Parse(utf8, Strict with { MaxDepth = Strict.MaxDepth + levels });
        }
        catch (JsonException)
        {
            // The parser's text can quote the request.
            throw new QueryRefusedException(
                RefusalCodes.InvalidQuery, "The query is not well-formed JSON, is nested too deeply, or repeats a property.", "$");
        }
    }

    /// <summary>Reads the queries of a batch, <c>{"queries": […]}</c>, from UTF-8 text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="read">Reads one of them.</param>
    /// <exception cref="QueryRefusedException">The text is no batch, or one of its queries is none; the path says which.</exception>
    internal static ImmutableArray<Query> ParseBatch(ReadOnlyMemory<byte> utf8, Func<JsonElement, Query> read)
    {
        using JsonDocument document = Open(utf8, QueryLimits.MaxBatchBytes, levels: 2);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
            || root.EnumerateObject().Count() != 1
            || !root.TryGetProperty("queries", out JsonElement queries)
            || queries.ValueKind != JsonValueKind.Array
            || queries.GetArrayLength() is < 1 or > QueryLimits.MaxBatch)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidQuery, $"A batch is an object with nothing but \"queries\": an array of 1 to {QueryLimits.MaxBatch} queries.", "$.queries");
        }

        return [.. queries.EnumerateArray().Select((query, place) => ReadAt(query, place, read))];
    }

    /// <summary>The refusal of the query at a place of a batch. What is said of SQL names its fragment instead of a path.</summary>
    internal static QueryRefusedException At(int place, QueryRefusedException refusal)
    {
        string at = string.Create(CultureInfo.InvariantCulture, $"$.queries[{place}]");
        string path = refusal.Path switch
        {
            null => at,
            ['$', .. string rest] => at + rest,
            { } fragment => $"{at}.sql: {fragment}",
        };
        return new QueryRefusedException(refusal.Code, refusal.Message, path, refusal.Suggestion) { Text = refusal.Text };
    }

    /// <summary>Reads a query from text.</summary>
    /// <exception cref="QueryRefusedException">The text is no query.</exception>
    public static Query Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > QueryLimits.MaxBytes
            ? throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxBytes} bytes.", "$")
            : Parse(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Reads a query from a parsed element.</summary>
    /// <exception cref="QueryRefusedException">The element is no query.</exception>
    public static Query Parse(JsonElement element) => QueryReader.Read(element);

    /// <summary>Writes the canonical form: properties in a fixed order, absent ones left out, no white space. Equal queries give equal text.</summary>
    public static string Write(Query query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
            QueryWriter.Write(writer, query);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Query ReadAt(JsonElement element, int place, Func<JsonElement, Query> read)
    {
        try
        {
            return read(element);
        }
        catch (QueryRefusedException refusal)
        {
            throw At(place, refusal);
        }
    }
}
