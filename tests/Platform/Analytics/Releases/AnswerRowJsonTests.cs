using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Opaline.Analytics;

namespace Opaline.Platform.Tests.Analytics.Releases;

public class AnswerRowJsonTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new AnswerRowJson() } };

    private static readonly Gen<decimal> Number = Gen.Select(Gen.Int[-1_000_000_000, 1_000_000_000], Gen.Int[0, 10], (n, scale) => new decimal(Math.Abs(n), 0, 0, n < 0, (byte)scale));

    private static readonly Gen<AnswerValue> Value = Gen.OneOf(
        Gen.Select(Number, Number, (value, margin) => new AnswerValue(value, margin, value - margin, value + margin)),
        Gen.Select(Number, Number, Number, (value, low, high) => new AnswerValue(value, null, low, high)),
        // Clamped afterwards, or the same numbers with other digits.
        Gen.Select(Number, Number, Number, (value, margin, low) => new AnswerValue(value, margin, low, value + margin)),
        Gen.Select(Number, Number, (value, margin) => new AnswerValue(value, margin, value - margin, (value + margin) / 1.0000m)));

    private static readonly Gen<AnswerRow> Row = Gen.Select(Gen.String.Array[0, 3], Value.Array[0, 4], (keys, values) => new AnswerRow([.. keys], [.. values]));

    [Fact]
    public void A_row_is_read_as_it_was_written_to_the_last_digit() => Row.Sample(
        row =>
        {
            AnswerRow read = JsonSerializer.Deserialize<AnswerRow>(JsonSerializer.Serialize(row, Json), Json)!;
            Assert.Equal(Digits(row), Digits(read));
        },
        iter: 5_000);

    [Fact]
    public void A_value_with_its_margin_around_it_is_stored_as_two_numbers() =>
        Assert.Equal("""[["2026-01-01"],[12,3]]""", JsonSerializer.Serialize(new AnswerRow(["2026-01-01"], [new AnswerValue(12, 3, 9, 15)]), Json));

    [Theory]
    [InlineData("7")]
    [InlineData("[7]")]
    [InlineData("""[["a",1],[1,2]]""")]
    [InlineData("[[],[1,null]]")]
    [InlineData("""[[],["a",2]]""")]
    [InlineData("[[],[1,2,3]]")]
    [InlineData("[[],[1,2,3,4,5]]")]
    [InlineData("[[],[1,2],3]")]
    [InlineData("""[[],[1,"a"]]""")]
    public void A_damaged_row_is_no_row(string json) => Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<AnswerRow>(json, Json));

    private static ImmutableArray<string?> Digits(AnswerRow row) =>
        [.. row.Keys, .. row.Values.SelectMany(v => new[] { Text(v.Value), v.Margin95 is { } margin ? Text(margin) : null, Text(v.Low), Text(v.High) })];

    private static string Text(decimal number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
