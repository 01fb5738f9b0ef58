using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opaline.Analytics;

/// <summary>
/// A stored row: an array of its keys, then one of each value's numbers, in the order of <see cref="AnswerValue"/>; of a value whose interval is its margin around
/// it only the first two. A release is stored before it may leave, and has many rows.
/// </summary>
internal sealed class AnswerRowJson : JsonConverter<AnswerRow>
{
    public override AnswerRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Expect(reader.TokenType, JsonTokenType.StartArray);
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>();
        Expect(Next(ref reader), JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.String)
            keys.Add(reader.GetString()!);
        Expect(reader.TokenType, JsonTokenType.EndArray);
        ImmutableArray<AnswerValue>.Builder values = ImmutableArray.CreateBuilder<AnswerValue>();
        while (Next(ref reader) == JsonTokenType.StartArray)
            values.Add(Value(ref reader));
        Expect(reader.TokenType, JsonTokenType.EndArray);
        return new AnswerRow(keys.ToImmutable(), values.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, AnswerRow value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStartArray();
        foreach (string key in value.Keys)
            writer.WriteStringValue(key);
        writer.WriteEndArray();
        foreach (AnswerValue number in value.Values)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(number.Value);
            if (number.Margin95 is { } margin)
                writer.WriteNumberValue(margin);
            else
                writer.WriteNullValue();
            if (!IsAround(number))
            {
                writer.WriteNumberValue(number.Low);
                writer.WriteNumberValue(number.High);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    // Digits count too: whoever gets the release again sees the same ones.
    private static bool IsAround(AnswerValue number) =>
        number.Margin95 is { } margin && IsSame(number.Low, number.Value - margin) && IsSame(number.High, number.Value + margin);

    private static bool IsSame(decimal x, decimal y) => x == y && x.Scale == y.Scale;

    private static AnswerValue Value(ref Utf8JsonReader reader)
    {
        Expect(Next(ref reader), JsonTokenType.Number);
        decimal value = reader.GetDecimal();
        decimal? margin = Next(ref reader) == JsonTokenType.Null ? null : reader.GetDecimal();
        if (Next(ref reader) == JsonTokenType.EndArray)
            return margin is { } half ? AnswerValue.Around(value, half) : throw Damaged();
        decimal low = reader.GetDecimal();
        Expect(Next(ref reader), JsonTokenType.Number);
        decimal high = reader.GetDecimal();
        Expect(Next(ref reader), JsonTokenType.EndArray);
        return new AnswerValue(value, margin, low, high);
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw Damaged();

    private static void Expect(JsonTokenType found, JsonTokenType expected)
    {
        if (found != expected)
            throw Damaged();
    }

    private static JsonException Damaged() => new("A stored row is damaged.");
}
