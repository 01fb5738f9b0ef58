namespace Opaline.Analytics;

/// <summary>Names and bounds of the parts of time.</summary>
internal static class TimeParts
{
    // Dates that any calendar here is asked about lie between these.
    private const int FirstYear = 1;
    private const int LastYear = 9_999;

    public static string Word(TimePart part) => part switch
    {
        TimePart.Hour => "hour",
        TimePart.DayOfWeek => "day_of_week",
        TimePart.Day => "day",
        TimePart.Month => "month",
        TimePart.Quarter => "quarter",
        TimePart.Year => "year",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>The least and the greatest value in dates of the years given.</summary>
    public static ValueGrid Grid(TimePart part, int firstYear = FirstYear, int lastYear = LastYear) => part switch
    {
        TimePart.Hour => new ValueGrid(0, 23, 1),
        TimePart.DayOfWeek => new ValueGrid(1, 7, 1),
        TimePart.Day => new ValueGrid(1, 31, 1),
        TimePart.Month => new ValueGrid(1, 12, 1),
        TimePart.Quarter => new ValueGrid(1, 4, 1),
        TimePart.Year => new ValueGrid(firstYear, lastYear, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };
}
