namespace Opaline.Analytics;

/// <summary>An end of a range: an instant, or a date that begins at midnight of the query's zone.</summary>
public sealed record RangeEdge
{
    private RangeEdge(DateTime? instant, DateOnly? date)
    {
        Instant = instant;
        Date = date;
    }

    /// <summary>The instant, UTC; or null.</summary>
    public DateTime? Instant { get; }

    /// <summary>The date; or null.</summary>
    public DateOnly? Date { get; }

    /// <summary>An instant.</summary>
    public static RangeEdge At(DateTimeOffset instant) => new(instant.UtcDateTime, null);

    /// <summary>The first instant of a date.</summary>
    public static RangeEdge On(DateOnly date) => new(null, date);
}
