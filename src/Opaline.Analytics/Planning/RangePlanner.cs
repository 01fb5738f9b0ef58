using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Zone and range of a query.</summary>
internal static class RangePlanner
{
    /// <summary>The calendar of a zone.</summary>
    /// <exception cref="QueryRefusedException">There is no such zone.</exception>
    public static ZoneCalendar Calendar(string zone, string path) => IanaZone.Find(zone) is { } found
        ? new ZoneCalendar(found)
        : throw new QueryRefusedException(RefusalCodes.UnknownTimeZone, "Name an IANA time zone such as Europe/Vienna or UTC.", path);

    /// <summary>The range asked about, inside the dataset's declared range.</summary>
    /// <exception cref="QueryRefusedException">Nothing is left of it.</exception>
    public static TimeRange Range(Dataset dataset, Query query, ZoneCalendar calendar)
    {
        DateTime from = query.From is { } first ? Micros(InstantOf(first, calendar)) : dataset.PublicRange.From;
        DateTime to = query.To is { } last ? Micros(InstantOf(last, calendar)) : dataset.PublicRange.To;
        if (from >= to)
            throw new QueryRefusedException(RefusalCodes.InvalidRange, "The range must end after it begins; \"to\" is exclusive.", "$.to");
        from = from < dataset.PublicRange.From ? dataset.PublicRange.From : from;
        to = to > dataset.PublicRange.To ? dataset.PublicRange.To : to;
        return from < to
            ? new TimeRange(from, to)
            : throw new QueryRefusedException(
                RefusalCodes.InvalidRange,
                $"The range lies outside the dataset's declared range, {RangeEdgeText.Write(dataset.PublicRange.From)} to {RangeEdgeText.Write(dataset.PublicRange.To)}.",
                "$.from");
    }

    /// <summary>The instant of an edge.</summary>
    public static DateTime InstantOf(RangeEdge edge, ZoneCalendar calendar) => edge.Instant ?? calendar.StartOf(edge.Date!.Value);

    // Stored instants have microseconds.
    private static DateTime Micros(DateTime instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
}
