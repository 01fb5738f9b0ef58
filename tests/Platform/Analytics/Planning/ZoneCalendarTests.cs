using System.Globalization;
using Opaline.Analytics;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Analytics.Planning;

public class ZoneCalendarTests
{
    public static TheoryData<string> Zones =>
    [
        "UTC", "Europe/Vienna", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo",
        "Asia/Beirut", "Pacific/Kiritimati", "Pacific/Apia", "America/Havana",
    ];

    [Theory]
    [InlineData("Europe/Vienna", "2024-03-31", "2024-03-30T23:00:00Z", 23)]
    [InlineData("Europe/Vienna", "2024-10-27", "2024-10-26T22:00:00Z", 25)]
    [InlineData("Europe/Vienna", "2024-07-01", "2024-06-30T22:00:00Z", 24)]
    [InlineData("America/New_York", "2024-11-03", "2024-11-03T04:00:00Z", 25)]
    [InlineData("Asia/Kolkata", "2024-01-01", "2023-12-31T18:30:00Z", 24)]
    // Clocks jump from 00:00 to 01:00, so the day begins at 01:00.
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23)]
    // Clocks go back from 00:00 to 23:00, so the day before has 25 hours and midnight comes twice; the day begins at the second one.
    [InlineData("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25)]
    public void A_day_begins_at_its_first_instant_and_is_as_long_as_clocks_make_it(string zone, string date, string start, int hours)
    {
        ZoneCalendar calendar = Calendar(zone);
        DateOnly day = DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal(start, RangeEdgeText.Write(calendar.StartOf(day)));
        Assert.Equal(TimeSpan.FromHours(hours), calendar.StartOf(day.AddDays(1)) - calendar.StartOf(day));
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Days_follow_one_another_and_hold_their_local_dates(string zone)
    {
        ZoneCalendar calendar = Calendar(zone);
        int other = 0;
        for (DateOnly day = LongRuns.Enabled ? new(2000, 1, 1) : new(2010, 1, 1); day < new DateOnly(2015, 1, 1); day = day.AddDays(1))
        {
            (DateTime start, DateTime next) = (calendar.StartOf(day), calendar.StartOf(day.AddDays(1)));
            Assert.True(start <= next);
            for (DateTime instant = start; instant < next; instant = instant.AddMinutes(30))
            {
                Assert.Equal(day, calendar.DateOf(instant));
                if (DateOnly.FromDateTime(instant + calendar.Zone.GetUtcOffset(instant)) != day)
                    other++;
            }
        }

        // Only where clocks went back over midnight do a few instants keep the new date although clocks show the old one again.
        Assert.InRange(other, 0, zone is "America/St_Johns" or "America/Havana" or "America/Sao_Paulo" or "Africa/Cairo" or "Asia/Beirut" ? 40 : 0);
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void The_offsets_that_enter_sql_give_the_calendars_dates(string zone)
    {
        ZoneCalendar calendar = Calendar(zone);
        DateTime from = new(2009, 5, 5, 3, 20, 0, DateTimeKind.Utc);
        DateTime to = new(LongRuns.Enabled ? 2026 : 2013, 2, 7, 1, 1, 0, DateTimeKind.Utc);
        DayOffsets offsets = DayOffsets.For(calendar, from, to);
        for (DateTime instant = from; instant < to; instant = instant.AddMinutes(97))
            Assert.Equal(calendar.DateOf(instant), offsets.DateOf(instant));
        for (DateOnly day = calendar.DateOf(from).AddDays(1); calendar.StartOf(day) < to; day = day.AddDays(1))
        {
            DateTime start = calendar.StartOf(day);
            Assert.Equal(calendar.DateOf(start), offsets.DateOf(start));
            Assert.Equal(calendar.DateOf(start.AddTicks(-1)), offsets.DateOf(start.AddTicks(-1)));
        }
    }

    [Fact]
    public void Utc_needs_one_offset_and_a_year_of_a_zone_a_few()
    {
        DateTime from = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Assert.Single(DayOffsets.For(Calendar("UTC"), from, from.AddYears(10)).Segments);
        Assert.InRange(DayOffsets.For(Calendar("Europe/Vienna"), from, from.AddYears(1)).Segments.Length, 3, 5);
    }

    [Fact]
    public void Weeks_begin_on_monday_and_months_on_the_first()
    {
        ZoneCalendar calendar = Calendar("Europe/Vienna");
        DateTime from = new(2024, 2, 28, 12, 0, 0, DateTimeKind.Utc);
        PeriodGrid weeks = PeriodGrid.For(Period.Week, calendar, from, from.AddDays(40), 100)!;
        Assert.Equal(["2024-02-26", "2024-03-04", "2024-03-11", "2024-03-18", "2024-03-25", "2024-04-01", "2024-04-08"], weeks.Labels);
        Assert.Equal(TimeSpan.FromDays(7) - TimeSpan.FromHours(1), weeks.Starts[5] - weeks.Starts[4]);
        Assert.Equal(["2024-02-01", "2024-03-01", "2024-04-01"], PeriodGrid.For(Period.Month, calendar, from, from.AddDays(40), 100)!.Labels);
    }

    [Fact]
    public void Hours_are_instants_of_utc_whatever_the_zone()
    {
        DateTime from = new(2024, 10, 27, 0, 30, 0, DateTimeKind.Utc);
        PeriodGrid hours = PeriodGrid.For(Period.Hour, Calendar("Europe/Vienna"), from, from.AddHours(2), 100)!;
        Assert.Equal(["2024-10-27T00:00:00Z", "2024-10-27T01:00:00Z", "2024-10-27T02:00:00Z"], hours.Labels);
    }

    [Fact]
    public void Blocks_are_numbered_from_1970_and_back_again()
    {
        foreach (Period period in new[] { Period.Day, Period.Week, Period.Month })
        {
            for (DateOnly date = new(1968, 1, 1); date < new DateOnly(2030, 1, 1); date = date.AddDays(1))
            {
                DateOnly first = PeriodGrid.FirstDate(period, date);
                long number = BlockInterval.Number(period, first);
                Assert.Equal(first, BlockInterval.FirstDate(period, number));
                Assert.Equal(number + 1, BlockInterval.Number(period, PeriodGrid.Next(period, first)));
            }
        }
    }

    private static ZoneCalendar Calendar(string zone) => RangePlanner.Calendar(zone, "tz");
}
