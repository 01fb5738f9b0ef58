using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Reads constants as the type of the column that they are compared with, so that no comparison can fail on data.</summary>
internal static class ConstantReader
{
    private const int MaxText = 8_192;

    /// <summary>The constant as a column of the type holds it, as canonical text.</summary>
    /// <exception cref="QueryRefusedException">It is not of the type.</exception>
    public static PlannedConstant Read(StoredType type, Literal value, string path)
    {
        string? text = type switch
        {
            StoredType.Text => value.Kind == LiteralKind.Text && value.Text.Length <= MaxText ? value.Text : null,
            StoredType.Boolean => value.Kind == LiteralKind.Boolean ? value.Text : null,
            StoredType.Int64 => value.Kind == LiteralKind.Number ? ReadInt64(value.Text) : null,
            StoredType.Double => value.Kind == LiteralKind.Number ? ReadDouble(value.Text) : null,
            StoredType.Decimal => value.Kind == LiteralKind.Number ? ReadDecimal(value.Text) : null,
            StoredType.Date => value.Kind == LiteralKind.Text ? ReadDate(value.Text) : null,
            StoredType.Timestamp => value.Kind == LiteralKind.Text ? ReadInstant(value.Text) : null,
            StoredType.Uuid => value.Kind == LiteralKind.Text ? ReadUuid(value.Text) : null,
            _ => null,
        };
        return text is not null
            ? new PlannedConstant(KindOf(type), type, text)
            : throw new QueryRefusedException(RefusalCodes.InvalidValue, $"This field compares with {Describe(type)}.", path);
    }

    /// <summary>What a column of the type gives.</summary>
    public static ValueKind KindOf(StoredType type) => type switch
    {
        StoredType.Text => ValueKind.Text,
        StoredType.Boolean => ValueKind.Boolean,
        StoredType.Int64 or StoredType.Double or StoredType.Decimal => ValueKind.Number,
        StoredType.Date => ValueKind.Date,
        StoredType.Timestamp => ValueKind.Instant,
        StoredType.Uuid => ValueKind.Uuid,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string? ReadInt64(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        ? value.ToString(CultureInfo.InvariantCulture)
        : null;

    private static string? ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value.ToString("R", CultureInfo.InvariantCulture)
            : null;

    private static string? ReadDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
        && StoredDecimal.Holds(value)
            ? value.ToString("0.######", CultureInfo.InvariantCulture)
            : null;

    private static string? ReadDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        ? text
        : null;

    private static string? ReadInstant(string text) =>
        RangeEdgeText.ReadInstant(text)?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string? ReadUuid(string text) => Guid.TryParseExact(text, "D", out Guid value) ? value.ToString("D") : null;

    private static string Describe(StoredType type) => type switch
    {
        StoredType.Text => "text",
        StoredType.Boolean => "true or false",
        StoredType.Int64 => "whole numbers of 64 bits",
        StoredType.Double => "finite numbers",
        StoredType.Decimal => "decimals of at most 12 digits before and 6 after the point",
        StoredType.Date => "dates such as \"2024-01-15\"",
        StoredType.Timestamp => "RFC 3339 instants such as \"2024-01-15T10:30:00Z\"",
        StoredType.Uuid => "UUIDs",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
