namespace Opaline.Analytics;

/// <summary>A part of a date or of an instant's local time.</summary>
internal enum TimePart
{
    /// <summary>0 to 23.</summary>
    Hour,

    /// <summary>1, Monday, to 7.</summary>
    DayOfWeek,

    /// <summary>1 to 31.</summary>
    Day,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>1 to 4.</summary>
    Quarter,

    /// <summary>The calendar year.</summary>
    Year,
}
