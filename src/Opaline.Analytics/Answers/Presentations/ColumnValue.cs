using System.Globalization;

namespace Opaline.Analytics;

/// <summary>A released value: a number, or a key by what it is, whatever its text looks like; or a missing one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of a key.</param>
/// <param name="Number">The number that a number is; of an instant its ticks.</param>
internal readonly record struct ColumnValue(ValueKind Kind, string? Text, decimal? Number)
{
    public bool IsMissing => Text is null && Number is null;

    /// <summary>A number, or a missing one.</summary>
    public static ColumnValue Of(decimal? number) => new(ValueKind.Number, null, number);

    /// <summary>A key of that kind.</summary>
    public static ColumnValue Of(ValueKind kind, string text) => new(kind, text, kind switch
    {
        ValueKind.Number when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => number,
        ValueKind.Instant => RangeEdgeText.ReadInstant(text)?.UtcTicks,
        _ => null,
    });

    /// <summary>A constant that meets a value of that kind, or null where it is of another.</summary>
    public static ColumnValue? Of(ValueKind kind, Literal constant) => (kind, constant.Kind) switch
    {
        (ValueKind.Number, LiteralKind.Number) or (ValueKind.Text, LiteralKind.Text) or (ValueKind.Boolean, LiteralKind.Boolean) => Of(kind, constant.Text),
        (ValueKind.Date, LiteralKind.Text) when DateOnly.TryParseExact(constant.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
            Of(kind, constant.Text),
        (ValueKind.Instant, LiteralKind.Text) when RangeEdgeText.ReadInstant(constant.Text) is not null => Of(kind, constant.Text),
        (ValueKind.Uuid, LiteralKind.Text) when Guid.TryParseExact(constant.Text, "D", out Guid id) => Of(kind, id.ToString("D")),
        _ => null,
    };

    /// <summary>What a constant is by itself.</summary>
    public static ValueKind KindOf(Literal constant) => constant.Kind switch
    {
        LiteralKind.Number => ValueKind.Number,
        LiteralKind.Boolean => ValueKind.Boolean,
        _ => ValueKind.Text,
    };

    /// <summary>A total order of the values of one kind; missing values come last, whatever the direction.</summary>
    public static int Compare(ColumnValue x, ColumnValue y, bool descending = false)
    {
        if (x.IsMissing || y.IsMissing)
            return x.IsMissing.CompareTo(y.IsMissing);
        int order = (x.Number, y.Number) switch
        {
            ({ } a, { } b) => a.CompareTo(b),
            (null, null) => string.CompareOrdinal(x.Text, y.Text),
            // A number beyond what decimals hold.
            (null, _) => 1,
            _ => -1,
        };
        return descending ? -order : order;
    }
}
