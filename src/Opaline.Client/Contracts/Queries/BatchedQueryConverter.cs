using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Client.Contracts;

/// <summary>The two forms of a query on the wire.</summary>
internal sealed class BatchedQueryConverter : JsonConverter<BatchedQueryDocument>
{
    public override BatchedQueryDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement query = document.RootElement;
        return query.ValueKind == JsonValueKind.Object && query.TryGetProperty("sql", out _)
            ? query.Deserialize(OpalineJson.Of<SqlQueryDocument>())!
            : query.Deserialize(OpalineJson.Of<QueryDocument>()) ?? throw new JsonException("A query is an object.");
    }

    public override void Write(Utf8JsonWriter writer, BatchedQueryDocument value, JsonSerializerOptions options)
    {
        if (value.Sql is { } sql)
            JsonSerializer.Serialize(writer, sql, OpalineJson.Of<SqlQueryDocument>());
        else
            JsonSerializer.Serialize(writer, value.Query!, OpalineJson.Of<QueryDocument>());
    }
}
