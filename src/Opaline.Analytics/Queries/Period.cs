namespace Opaline.Analytics;

/// <summary>Lengths of periods.</summary>
public enum Period
{
    /// <summary>A clock hour of UTC: local hours are ambiguous twice a year.</summary>
    Hour,

    /// <summary>A calendar day; 23 or 25 hours long where clocks change.</summary>
    Day,

    /// <summary>An ISO week, Monday first.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}
