using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Client.Contracts;

/// <summary>The two forms of a clamp on the wire.</summary>
internal sealed class QueryClampConverter : JsonConverter<QueryClampDocument>
{
    private const string Form = "A clamp is [lower, upper] or {\"release\": \"…\"}.";

    public override QueryClampDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement clamp = document.RootElement;
        if (clamp.ValueKind == JsonValueKind.Object && clamp.TryGetProperty("release", out JsonElement release) && release.ValueKind == JsonValueKind.String)
            return QueryClampDocument.Of(release.GetString()!);
        return clamp.ValueKind == JsonValueKind.Array && clamp.GetArrayLength() == 2 && clamp.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number)
            ? new QueryClampDocument(clamp[0].GetDecimal(), clamp[1].GetDecimal())
            : throw new JsonException(Form);
    }

    public override void Write(Utf8JsonWriter writer, QueryClampDocument value, JsonSerializerOptions options)
    {
        if (value.Release is { } release)
        {
            writer.WriteStartObject();
            writer.WriteString("release", release);
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.Lower!.Value);
        writer.WriteNumberValue(value.Upper!.Value);
        writer.WriteEndArray();
    }
}
