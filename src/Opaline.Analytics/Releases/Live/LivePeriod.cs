using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>The running period of a live counter, cut into public steps.</summary>
/// <param name="From">Start, UTC.</param>
/// <param name="To">End, UTC.</param>
/// <param name="StepLength">Length of a step; the last one may be shorter.</param>
internal sealed record LivePeriod(DateTime From, DateTime To, TimeSpan StepLength)
{
    /// <summary>How many steps there are.</summary>
    public int Steps => (int)((To - From + StepLength - TimeSpan.FromTicks(1)) / StepLength);

    /// <summary>The period of a calendar that holds an instant.</summary>
    public static LivePeriod At(Period period, ZoneCalendar calendar, DateTime instant)
    {
        if (period == Period.Hour)
        {
            DateTime hour = PeriodGrid.HourOf(instant);
            return new LivePeriod(hour, hour.AddHours(1), TimeSpan.FromMinutes(1));
        }

        DateOnly first = PeriodGrid.FirstDate(period, calendar.DateOf(instant));
        TimeSpan step = period switch
        {
            Period.Day => TimeSpan.FromMinutes(5),
            Period.Week => TimeSpan.FromHours(1),
            Period.Month => TimeSpan.FromHours(4),
            _ => throw new ArgumentOutOfRangeException(nameof(period)),
        };
        return new LivePeriod(calendar.StartOf(first), calendar.StartOf(PeriodGrid.Next(period, first)), step);
    }

    /// <summary>The step in which an instant of the period lies, from 1.</summary>
    public int StepAt(DateTime instant) => Math.Clamp((int)((instant - From) / StepLength) + 1, 1, Steps);
}
