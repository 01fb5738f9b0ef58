using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>The periods of a zone that meet a range: public, whether or not anything happened in them.</summary>
/// <param name="Period">Their length.</param>
/// <param name="Starts">First instant of each; the first one may begin before the range.</param>
/// <param name="End">First instant after the last one.</param>
/// <param name="Keys">What SQL computes for each: hours since 1970-01-01T00Z, or the day number of its first date.</param>
/// <param name="Labels">What an answer says: the first date, or the instant in UTC.</param>
internal sealed record PeriodGrid(
    Period Period, ImmutableArray<DateTime> Starts, DateTime End, ImmutableArray<long> Keys, ImmutableArray<string> Labels)
{
    public int Count => Starts.Length;

    /// <summary>The periods, or null if there are more than <paramref name="most"/>.</summary>
    public static PeriodGrid? For(Period period, ZoneCalendar calendar, DateTime from, DateTime to, int most)
    {
        ImmutableArray<DateTime>.Builder starts = ImmutableArray.CreateBuilder<DateTime>();
        ImmutableArray<long>.Builder keys = ImmutableArray.CreateBuilder<long>();
        ImmutableArray<string>.Builder labels = ImmutableArray.CreateBuilder<string>();
        DateTime start;
        if (period == Period.Hour)
        {
            for (start = HourOf(from); start < to; start = start.AddHours(1))
            {
                if (starts.Count == most)
                    return null;
                starts.Add(start);
                keys.Add((start - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerHour);
                labels.Add(start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            }
        }
        else
        {
            DateOnly date = FirstDate(period, calendar.DateOf(from));
            for (start = calendar.StartOf(date); start < to; start = calendar.StartOf(date))
            {
                DateOnly next = Next(period, date);
                // A date that clocks jumped over whole has no instant, so no cell.
                if (calendar.StartOf(next) > start)
                {
                    if (starts.Count == most)
                        return null;
                    starts.Add(start);
                    keys.Add(DayNumber(date));
                    labels.Add(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                }

                date = next;
            }
        }

        return new PeriodGrid(period, starts.ToImmutable(), start, keys.ToImmutable(), labels.ToImmutable());
    }

    /// <summary>First date of the period that holds the date.</summary>
    public static DateOnly FirstDate(Period period, DateOnly date) => period switch
    {
        Period.Day => date,
        Period.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        Period.Month => new DateOnly(date.Year, date.Month, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    /// <summary>First date of the period <paramref name="count"/> later.</summary>
    public static DateOnly Next(Period period, DateOnly first, int count = 1) => period switch
    {
        Period.Day => first.AddDays(count),
        Period.Week => first.AddDays(7 * count),
        Period.Month => first.AddMonths(count),
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    /// <summary>Days since 1970-01-01.</summary>
    public static long DayNumber(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The clock hour of UTC that holds the instant.</summary>
    public static DateTime HourOf(DateTime instant) => new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc);

    /// <summary>Number of periods that meet [from, to).</summary>
    public int Meeting(DateTime from, DateTime to)
    {
        int count = 0;
        for (int i = FirstAfter(from) - 1; i < Count; i++)
        {
            if (i < 0)
                continue;
            if (Starts[i] >= to)
                break;
            count++;
        }

        return count;
    }

    // Index of the first period that begins after the instant.
    private int FirstAfter(DateTime instant)
    {
        int index = Starts.BinarySearch(instant);
        return index >= 0 ? index + 1 : ~index;
    }
}
