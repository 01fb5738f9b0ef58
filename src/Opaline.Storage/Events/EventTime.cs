using System.Globalization;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Storage;

/// <summary>Event times in SQL that DuckDB and PostgreSQL read alike. Instants and offsets come from calendars, never from a request.</summary>
public static class EventTime
{
    /// <summary>The instant as a constant of SQL.</summary>
    public static string Literal(DateTime instant) =>
        $"TIMESTAMP '{instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    /// <summary>The local date of a row.</summary>
    public static string Date(DayOffsets offsets) => $"CAST({LocalTime(offsets)} AS DATE)";

    /// <summary>The Monday of a row's local week.</summary>
    public static string Week(DayOffsets offsets) => $"CAST(date_trunc('week', {LocalTime(offsets)}) AS DATE)";

    /// <summary>The first date of a row's local month.</summary>
    public static string Month(DayOffsets offsets) => $"CAST(date_trunc('month', {LocalTime(offsets)}) AS DATE)";

    /// <summary>The first local date of a row's truncation window.</summary>
    public static string WindowStart(PrivacyUnit unit, DayOffsets offsets) => unit switch
    {
        PrivacyUnit.SubjectPerDay => Date(offsets),
        PrivacyUnit.SubjectPerWeek => Week(offsets),
        PrivacyUnit.SubjectPerMonth or PrivacyUnit.Subject => Month(offsets),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>The number of a row's local month: neighbours differ by one.</summary>
    public static string MonthNumber(DayOffsets offsets)
    {
        string local = LocalTime(offsets);
        return $"(CAST(EXTRACT(YEAR FROM {local}) AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM {local}) AS BIGINT))";
    }

    /// <summary>A date as the number of days since 1970-01-01.</summary>
    public static string DayNumber(string date) => $"CAST({date} - DATE '1970-01-01' AS BIGINT)";

    /// <summary>A row's time as the offsets show it.</summary>
    public static string LocalTime(DayOffsets offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        if (offsets.Segments is [{ } only])
            return only.Seconds == 0 ? EventTable.Time : $"({EventTable.Time} + {Interval(only.Seconds)})";
        StringBuilder sql = new($"({EventTable.Time} + CASE");
        foreach (DayOffsets.Segment segment in offsets.Segments)
        {
            sql.Append(segment.Until is { } until
                ? $" WHEN {EventTable.Time} < {Literal(until)} THEN {Interval(segment.Seconds)}"
                : $" ELSE {Interval(segment.Seconds)}");
        }

        return sql.Append(" END)").ToString();
    }

    private static string Interval(long seconds) => string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{seconds} seconds'");
}
