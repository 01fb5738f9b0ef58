using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Edges of ranges as text: a date, or an RFC 3339 instant.</summary>
internal static class RangeEdgeText
{
    private static readonly string[] InstantForms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public static RangeEdge? Read(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return RangeEdge.On(date);
        return ReadInstant(text) is { } instant ? RangeEdge.At(instant) : null;
    }

    /// <summary>An RFC 3339 instant with its offset, or null. An instant without one would mean another time in every zone.</summary>
    public static DateTimeOffset? ReadInstant(string text)
    {
        bool zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return zoned && DateTimeOffset.TryParseExact(
            text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? instant
            : null;
    }

    public static string Write(RangeEdge edge) => edge.Date is { } date
        ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Write(edge.Instant!.Value);

    public static string Write(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
