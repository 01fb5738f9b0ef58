using CsCheck;
using Opaline.Libraries.Tests.Tokenization.Keys;
using Opaline.Tokenization;

namespace Opaline.Libraries.Tests.Tokenization.Dates;

public class DateShiftTests
{
    private static readonly Gen<DateOnly> Date = Gen.Int[36_525, 3_600_000].Select(DateOnly.FromDayNumber);

    [Fact]
    public void Shifted_dates_shift_back_and_keep_their_intervals() =>
        Gen.Select(Date, Date, Gen.Int[1, DateShift.MaxDays], Gen.String[0, 20]).Sample((first, second, days, subject) =>
        {
            using DateShift shift = new(TokenKeys.Of(), days);
            DateOnly shifted = shift.Shift(first, subject)!.Value;
            Assert.InRange(shifted.DayNumber - first.DayNumber, -days, days);
            Assert.Equal(first, shift.Unshift(shifted, subject));
            Assert.Equal(second.DayNumber - first.DayNumber, shift.Shift(second, subject)!.Value.DayNumber - shifted.DayNumber);
        });

    [Fact]
    public void Instants_keep_their_time_and_move_by_as_many_days()
    {
        using DateShift shift = new(TokenKeys.Of(), 365);
        DateTimeOffset instant = new(2024, 2, 29, 23, 30, 15, TimeSpan.FromHours(-5));
        DateTimeOffset shifted = shift.Shift(instant, "ann")!.Value;
        Assert.Equal(instant.TimeOfDay, shifted.TimeOfDay);
        Assert.Equal(instant.Offset, shifted.Offset);
        DateOnly day = DateOnly.FromDateTime(instant.DateTime);
        Assert.Equal(shift.Shift(day, "ann"), DateOnly.FromDateTime(shifted.DateTime));
        Assert.Equal(instant, shift.Unshift(shifted, "ann"));
    }

    // Every one of the 2w + 1 shifts: each misses with a probability of (1 - 1/7)^400 < 2e-27.
    [Fact]
    public void Subjects_get_every_shift()
    {
        using DateShift shift = new(TokenKeys.Of(), 3);
        DateOnly day = new(2024, 1, 15);
        IEnumerable<int> shifts = Enumerable.Range(0, 400).Select(n => shift.Shift(day, $"subject {n}")!.Value.DayNumber - day.DayNumber);
        Assert.Equal([-3, -2, -1, 0, 1, 2, 3], shifts.Distinct().Order());
    }

    [Fact]
    public void Spellings_of_a_subject_get_one_shift()
    {
        using DateShift shift = new(TokenKeys.Of(), 10_000);
        DateOnly day = new(2024, 1, 15);
        Assert.Equal(shift.Shift(day, "ann@example.com"), shift.Shift(day, " Ann@Example.com"));
    }

    [Fact]
    public void Ends_of_the_calendar_give_nothing_or_a_date()
    {
        using DateShift shift = new(TokenKeys.Of(), DateShift.MaxDays);
        int lost = 0;
        foreach (int n in Enumerable.Range(0, 50))
        {
            DateOnly? last = shift.Shift(DateOnly.MaxValue, $"subject {n}");
            lost += last is null ? 1 : 0;
            Assert.True(last is null || shift.Unshift(last.Value, $"subject {n}") == DateOnly.MaxValue);
            Assert.True(shift.Shift(DateTimeOffset.MaxValue, $"subject {n}") is null || last is not null);
            Assert.True(shift.Shift(DateTimeOffset.MinValue, $"subject {n}") is null || last is null);
        }
        // Half of the subjects move ahead: none of fifty does with a probability of 2^-50.
        Assert.InRange(lost, 1, 49);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(DateShift.MaxDays + 1)]
    public void Width_out_of_range_is_refused(int days) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(days), () => new DateShift(TokenKeys.Of(), days));
}
