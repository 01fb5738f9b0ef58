using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Ingestion;

/// <summary>Reads a cell as a value of its field's type, from JSON or, as CSV has nothing else, from text.</summary>
internal static class TypedValues
{
    private static readonly object True = true;
    private static readonly object False = false;

    /// <summary>The value as the event store takes it, or null if it is none of that type. Text types are not read here.</summary>
    public static object? Read(FieldType type, CellKind kind, ReadOnlySpan<byte> utf8, TimeZoneInfo? zone) => kind switch
    {
        CellKind.Whole => null,
        CellKind.True => type == FieldType.Boolean ? True : null,
        CellKind.False => type == FieldType.Boolean ? False : null,
        CellKind.Number => type is FieldType.Int64 or FieldType.Decimal or FieldType.Double ? ReadText(type, utf8, zone) : null,
        _ => ReadText(type, utf8, zone),
    };

    private static object? ReadText(FieldType type, ReadOnlySpan<byte> utf8, TimeZoneInfo? zone) => type switch
    {
        FieldType.Int64 => ReadInt64(utf8),
        FieldType.Decimal => ReadDecimal(utf8) is { } value && StoredDecimal.Holds(value) ? value : null,
        FieldType.Double => Utf8Parser.TryParse(utf8, out double value, out int used) && used == utf8.Length && double.IsFinite(value) ? value : null,
        FieldType.Boolean => utf8.SequenceEqual("true"u8) ? True : utf8.SequenceEqual("false"u8) ? False : null,
        FieldType.Timestamp => TimeText.TryRead(utf8, zone, out long micros) ? micros : null,
        FieldType.Date => TimeText.TryReadDate(utf8, out int days) ? days : null,
        FieldType.Uuid => Utf8Parser.TryParse(utf8, out Guid value, out int used, 'D') && used == utf8.Length ? value : null,
        FieldType.Ip => ReadIp(utf8),
        _ => null,
    };

    private static object? ReadInt64(ReadOnlySpan<byte> utf8)
    {
        if (Utf8Parser.TryParse(utf8, out long value, out int used) && used == utf8.Length)
            return value;

        // 5.0 and 5e3 are whole numbers too.
        return ReadDecimal(utf8) is { } number && number == decimal.Truncate(number) && Math.Abs(number) <= long.MaxValue ? (long)number : null;
    }

    private static decimal? ReadDecimal(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= 64
        && decimal.TryParse(utf8, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : null;

    private static string? ReadIp(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 1 and <= 45 && utf8.IndexOfAny((byte)'.', (byte)':') >= 0 && IPAddress.TryParse(Encoding.UTF8.GetString(utf8), out IPAddress? address)
            ? address.ToString()
            : null;
}
