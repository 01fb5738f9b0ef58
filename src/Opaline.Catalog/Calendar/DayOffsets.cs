using System.Collections.Immutable;

namespace Opaline.Catalog;

/// <summary>
/// What to add to an instant so that its plain UTC date is the calendar's date: a few constants that hold until given instants. This is how a zone enters
/// SQL, whose engines may know other versions of the zone's rules than the plan was made with.
/// </summary>
/// <param name="Segments">The offsets, earliest first; at least one.</param>
public sealed record DayOffsets(ImmutableArray<DayOffsets.Segment> Segments)
{
    /// <summary>An offset in seconds for instants before <see cref="Until"/>; the last segment has none.</summary>
    /// <param name="Until">First instant after; null for the last segment.</param>
    /// <param name="Seconds">What to add.</param>
    public readonly record struct Segment(DateTime? Until, long Seconds);

    /// <summary>The offsets for all instants of [from, to).</summary>
    public static DayOffsets For(ZoneCalendar calendar, DateTime from, DateTime to)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ImmutableArray<Segment>.Builder segments = ImmutableArray.CreateBuilder<Segment>();
        DateOnly date = calendar.DateOf(from);
        DateTime start = calendar.StartOf(date);
        while (start < to)
        {
            DateTime next = calendar.StartOf(date.AddDays(1));
            // A day of 23 hours fits one offset. One of 25 needs two: counted from its start in the first half, from its end in the second.
            Add(segments, start + ((next - start) / 2), Seconds(date, start));
            Add(segments, next, Seconds(date.AddDays(1), next));
            (date, start) = (date.AddDays(1), next);
        }

        if (segments.Count == 0)
            segments.Add(new Segment(null, 0));
        segments[^1] = segments[^1] with { Until = null };
        return new DayOffsets(segments.ToImmutable());
    }

    /// <summary>What the zone's clocks show for the instants of [from, to).</summary>
    public static DayOffsets OfClock(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        ImmutableArray<Segment>.Builder segments = ImmutableArray.CreateBuilder<Segment>();
        DateTime start = from;
        while (start < to)
        {
            DateTime next = start.AddDays(1) < to ? start.AddDays(1) : to;
            DateTime change = ChangeAfter(zone, start, next);
            Add(segments, change, (long)zone.GetUtcOffset(start).TotalSeconds);
            start = change;
        }

        segments[^1] = segments[^1] with { Until = null };
        return new DayOffsets(segments.ToImmutable());
    }

    /// <summary>The date that SQL computes with these offsets.</summary>
    public DateOnly DateOf(DateTime instant)
    {
        foreach (Segment segment in Segments)
        {
            if (segment.Until is not { } until || instant < until)
                return DateOnly.FromDateTime(instant.AddSeconds(segment.Seconds));
        }

        throw new InvalidOperationException("The last segment has no end.");
    }

    // The first instant after the start at which the clocks show something else than they would have, or the end. Clocks change on whole seconds, and not
    // twice in a day.
    private static DateTime ChangeAfter(TimeZoneInfo zone, DateTime start, DateTime end)
    {
        TimeSpan offset = zone.GetUtcOffset(start);
        if (zone.GetUtcOffset(end) == offset)
            return end;
        long low = start.Ticks / TimeSpan.TicksPerSecond;
        long high = (end.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            if (zone.GetUtcOffset(new DateTime(middle * TimeSpan.TicksPerSecond, DateTimeKind.Utc)) == offset)
                low = middle;
            else
                high = middle;
        }

        return new DateTime(high * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    private static long Seconds(DateOnly date, DateTime start) =>
        (date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - start).Ticks / TimeSpan.TicksPerSecond;

    private static void Add(ImmutableArray<Segment>.Builder segments, DateTime until, long seconds)
    {
        if (segments.Count > 0 && segments[^1].Seconds == seconds)
            segments[^1] = new Segment(until, seconds);
        else
            segments.Add(new Segment(until, seconds));
    }
}
