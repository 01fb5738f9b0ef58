using System.Globalization;
using System.Text;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Writes local time and calendar periods in SQL, from offsets that the plan has fixed.</summary>
internal static class CalendarWriter
{
    /// <summary>The day number of the first date of the local period that holds the row's time.</summary>
    public static string PeriodNumber(Period period, DayOffsets offsets)
    {
        string local = LocalTime(offsets);
        string date = period switch
        {
            Period.Day => $"CAST({local} AS DATE)",
            Period.Week => $"CAST(date_trunc('week', {local}) AS DATE)",
            Period.Month => $"CAST(date_trunc('month', {local}) AS DATE)",
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
        return $"CAST({date} - DATE '1970-01-01' AS BIGINT)";
    }

    /// <summary>The number of the local month that holds the row's time: neighbours differ by one.</summary>
    public static string MonthNumber(DayOffsets offsets)
    {
        string local = LocalTime(offsets);
        return $"(CAST(EXTRACT(YEAR FROM {local}) AS BIGINT) * 12 + CAST(EXTRACT(MONTH FROM {local}) AS BIGINT))";
    }

    /// <summary>The row's time as the offsets show it.</summary>
    public static string LocalTime(DayOffsets offsets)
    {
        if (offsets.Segments is [{ Seconds: 0 }])
            return EventTable.Time;
        if (offsets.Segments is [{ } only])
            return $"({EventTable.Time} + {Interval(only.Seconds)})";
        StringBuilder sql = new($"({EventTable.Time} + CASE");
        foreach (DayOffsets.Segment segment in offsets.Segments)
        {
            sql.Append(segment.Until is { } until
                ? $" WHEN {EventTable.Time} < TIMESTAMP '{SqlParameters.Text(until)}' THEN {Interval(segment.Seconds)}"
                : $" ELSE {Interval(segment.Seconds)}");
        }

        return sql.Append(" END)").ToString();
    }

    private static string Interval(long seconds) => string.Create(CultureInfo.InvariantCulture, $"INTERVAL '{seconds} seconds'");
}
