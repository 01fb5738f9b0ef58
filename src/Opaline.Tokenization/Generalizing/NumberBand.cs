using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>Bands of numbers, in decimals: no rounding moves a value over a border.</summary>
internal static class NumberBand
{
    private const decimal Largest = 1_000_000_000_000_000m;
    private const int OldestAge = 150;

    public static string? Age(string value, int width)
    {
        if (Read(value) is not { } age || age is < 0 or > OldestAge)
            return null;
        int lower = (int)age / width * width;
        return string.Create(CultureInfo.InvariantCulture, $"{lower}-{lower + width - 1}");
    }

    public static string? Bucket(string value, decimal width)
    {
        if (Read(value) is not { } number)
            return null;
        decimal lower = decimal.Floor(number / width) * width;
        return $"[{Text(lower)},{Text(lower + width)})";
    }

    public static string? Top(string value, decimal top)
    {
        if (Read(value) is not { } number)
            return null;
        return number >= top ? Text(top) + "+" : Text(number);
    }

    public static string? Bottom(string value, decimal bottom)
    {
        if (Read(value) is not { } number)
            return null;
        return number <= bottom ? "<=" + Text(bottom) : Text(number);
    }

    /// <summary>The half-open band between two borders, or what lies below the first or from the last one on.</summary>
    public static string? Band(string value, decimal[] borders)
    {
        if (Read(value) is not { } number)
            return null;
        int above = Array.FindIndex(borders, border => number < border);
        return above switch
        {
            < 0 => Text(borders[^1]) + "+",
            0 => "<" + Text(borders[0]),
            _ => $"[{Text(borders[above - 1])},{Text(borders[above])})",
        };
    }

    /// <summary>Without an exponent and without trailing zeros, so that equal numbers have one text.</summary>
    public static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static decimal? Read(string value)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        return decimal.TryParse(value, styles, CultureInfo.InvariantCulture, out decimal number) && Math.Abs(number) <= Largest
            ? number
            : null;
    }
}
