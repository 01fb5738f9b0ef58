using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>Writes calendar periods in SQL, from offsets that the plan has fixed.</summary>
internal static class CalendarWriter
{
    /// <summary>The day number of the first date of the local period that holds the row's time.</summary>
    public static string PeriodNumber(Period period, DayOffsets offsets) => EventTime.DayNumber(period switch
    {
        Period.Day => EventTime.Date(offsets),
        Period.Week => EventTime.Week(offsets),
        Period.Month => EventTime.Month(offsets),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    });
}
