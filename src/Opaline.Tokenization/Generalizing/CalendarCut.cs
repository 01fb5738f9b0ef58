using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>Cuts a date or an RFC 3339 time down to a calendar unit. With an offset the time is cut in UTC, without one as it is written.</summary>
internal static class CalendarCut
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK",
    ];

    public static string? Hour(string value) => ReadTime(value)?.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);

    public static string? Day(string value) => Read(value)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string? Month(string value) => Read(value)?.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string? Year(string value) => Read(value)?.ToString("yyyy", CultureInfo.InvariantCulture);

    private static DateTime? Read(string value) =>
        DateTime.TryParseExact(value.AsSpan().Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
            ? date
            : ReadTime(value);

    private static DateTime? ReadTime(string value) =>
        DateTime.TryParseExact(
            value.AsSpan().Trim(),
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out DateTime time)
            ? time
            : null;
}
