namespace Opaline.Catalog;

/// <summary>
/// Calendar days of a zone as half-open ranges of UTC instants. Day D begins at the first instant whose local date is D or later, so that days follow
/// one another without gap or overlap, whatever clocks do at midnight.
/// </summary>
/// <param name="zone">The zone.</param>
public sealed class ZoneCalendar(TimeZoneInfo zone)
{
    /// <summary>First and last date that a calendar is asked about; public ranges lie well inside.</summary>
    private static readonly DateOnly Earliest = new(1890, 1, 1);
    private static readonly DateOnly Latest = new(2210, 1, 1);

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The calendar of the dataset's own zone.</summary>
    public static ZoneCalendar Of(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new ZoneCalendar(TimeZoneInfo.FindSystemTimeZoneById(dataset.TimeZone));
    }

    /// <summary>The date, or the nearest that a calendar is asked about.</summary>
    public static DateOnly Clamp(DateOnly date) => date < Earliest ? Earliest : date > Latest ? Latest : date;

    /// <summary>The first instant of the date, UTC.</summary>
    public DateTime StartOf(DateOnly date)
    {
        DateTime midnight = Clamp(date).ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(midnight))
            return AfterGap(midnight);
        TimeSpan offset = Zone.IsAmbiguousTime(midnight) ? Zone.GetAmbiguousTimeOffsets(midnight).Max() : Zone.GetUtcOffset(midnight);
        return DateTime.SpecifyKind(midnight - offset, DateTimeKind.Utc);
    }

    /// <summary>The date whose day holds the instant.</summary>
    public DateOnly DateOf(DateTime instant)
    {
        DateOnly date = DateOnly.FromDateTime(instant + Zone.GetUtcOffset(instant));
        while (StartOf(date) > instant)
            date = date.AddDays(-1);
        while (StartOf(date.AddDays(1)) <= instant)
            date = date.AddDays(1);
        return date;
    }

    /// <summary>Whether some day of the range begins at no full hour of UTC, as in Asia/Kolkata.</summary>
    public bool HasPartHours(DateTime from, DateTime to)
    {
        for (DateOnly date = DateOf(from); StartOf(date) < to; date = date.AddDays(1))
        {
            if (StartOf(date).Ticks % TimeSpan.TicksPerHour != 0)
                return true;
        }

        return false;
    }

    // Clocks jumped over midnight: the day begins where they jumped. Transitions lie on whole seconds.
    private DateTime AfterGap(DateTime midnight)
    {
        DateTime before = DateTime.SpecifyKind(midnight.AddHours(-15), DateTimeKind.Utc);
        DateTime after = DateTime.SpecifyKind(midnight.AddHours(15), DateTimeKind.Utc);
        long low = 0;
        long high = (after - before).Ticks / TimeSpan.TicksPerSecond;
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            DateTime instant = before.AddSeconds(middle);
            if (instant + Zone.GetUtcOffset(instant) >= midnight)
                high = middle;
            else
                low = middle;
        }

        return before.AddSeconds(high);
    }
}
