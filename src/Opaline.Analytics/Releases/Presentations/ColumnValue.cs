using System.Globalization;

namespace Opaline.Analytics;

/// <summary>A released value: the text of a key, a number, or neither, which is a missing one.</summary>
/// <param name="Text">The text of a key.</param>
/// <param name="Number">A number.</param>
internal readonly record struct ColumnValue(string? Text, decimal? Number)
{
    public bool IsMissing => Text is null && Number is null;

    /// <summary>The number that it is or that its text says.</summary>
    public decimal? AsNumber => Number
        ?? (decimal.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? number : null);

    /// <summary>A total order: numbers, then texts; missing values come last, whatever the direction.</summary>
    public static int Compare(ColumnValue x, ColumnValue y, bool descending = false)
    {
        if (x.IsMissing || y.IsMissing)
            return x.IsMissing.CompareTo(y.IsMissing);
        int order = (x.AsNumber, y.AsNumber) switch
        {
            ({ } a, { } b) => a.CompareTo(b),
            (null, null) => string.CompareOrdinal(x.Text, y.Text),
            (null, _) => 1,
            _ => -1,
        };
        return descending ? -order : order;
    }
}
