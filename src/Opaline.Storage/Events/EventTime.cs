using System.Globalization;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Event times in SQL that DuckDB and PostgreSQL read alike. Instants and offsets come from calendars, never from a request.</summary>
internal static class EventTime
{
    /// <summary>The instant as a constant of SQL.</summary>
    public static string Literal(DateTime instant) =>
        $"TIMESTAMP '{instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <summary>The local date of a row.</summary>
    public static string Date(DayOffsets offsets) => $"CAST({Local(offsets)} AS DATE)";

    /// <summary>The first local date of a row's truncation window.</summary>
    public static string WindowStart(PrivacyUnit unit, DayOffsets offsets) => unit switch
    {
        PrivacyUnit.SubjectPerDay => Date(offsets),
        PrivacyUnit.SubjectPerWeek => $"CAST(date_trunc('week', {Local(offsets)}) AS DATE)",
        PrivacyUnit.SubjectPerMonth or PrivacyUnit.Subject => $"CAST(date_trunc('month', {Local(offsets)}) AS DATE)",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>A date as the number of days since 1970-01-01.</summary>
    public static string DayNumber(string date) => $"CAST({date} - DATE '1970-01-01' AS BIGINT)";

    private static string Local(DayOffsets offsets)
    {
        if (offsets.Segments is [{ } only])
            return only.Seconds == 0 ? EventTable.Time : $"{EventTable.Time} + {Interval(only.Seconds)}";
        StringBuilder sql = new($"{EventTable.Time} + CASE");
        foreach (DayOffsets.Segment segment in offsets.Segments)
        {
            sql.Append(segment.Until is { } until
                ? $" WHEN {EventTable.Time} < {Literal(until)} THEN {Interval(segment.Seconds)}"
                : $" ELSE {Interval(segment.Seconds)}");
        }

        return sql.Append(" END").ToString();
    }

    private static string Interval(long seconds) => string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{seconds} seconds'");
}
