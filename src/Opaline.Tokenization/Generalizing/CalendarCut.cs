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

    public static string? Quarter(string value) => Read(value) is { } date
        ? string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-Q{(date.Month + 2) / 3}")
        : null;

    /// <summary>The ISO 8601 week, such as <c>2024-W01</c>; it belongs to the year of its Thursday.</summary>
    public static string? Week(string value) => Read(value) is { } date
        ? string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(date):0000}-W{ISOWeek.GetWeekOfYear(date):00}")
        : null;

    public static string? MonthOfYear(string value) => Part(Read(value)?.Month);

    public static string? WeekOfYear(string value) => Part(Read(value) is { } date ? ISOWeek.GetWeekOfYear(date) : null);

    public static string? DayOfMonth(string value) => Part(Read(value)?.Day);

    /// <summary>Monday is 1, Sunday 7 (ISO 8601).</summary>
    public static string? DayOfWeek(string value) =>
        Read(value) is { } date ? ((((int)date.DayOfWeek + 6) % 7) + 1).ToString(CultureInfo.InvariantCulture) : null;

    public static string? HourOfDay(string value) => Part(ReadTime(value)?.Hour);

    private static string? Part(int? part) => part?.ToString("00", CultureInfo.InvariantCulture);

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
