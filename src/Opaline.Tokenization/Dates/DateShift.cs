namespace Opaline.Tokenization;

/// <summary>
/// Moves the dates of each subject by a number of days of its own, from −w to w: HMAC(K, subject) mod (2w + 1) − w. Intervals between
/// the dates of one subject stay what they are; the dates themselves are anyone's within ±w. Safe for use by many threads.
/// </summary>
public sealed class DateShift : IDisposable
{
    /// <summary>The widest shift, in days: a century.</summary>
    public const int MaxDays = 36_525;

    private readonly FieldHash _hash;

    /// <summary>Makes the shifts of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    /// <param name="days">w, 1 to <see cref="MaxDays"/>: a date is hidden among 2w + 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The days are out of range.</exception>
    public DateShift(FieldKeys keys, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MaxDays);
        Days = days;
        _hash = new FieldHash(keys, "shift");
    }

    /// <summary>w, in days.</summary>
    public int Days { get; }

    /// <summary>The shifted date, or null if it would leave the years 1 to 9999.</summary>
    public DateOnly? Shift(DateOnly date, string subject) => Add(date, Offset(subject));

    /// <summary>The date that was shifted.</summary>
    public DateOnly? Unshift(DateOnly shifted, string subject) => Add(shifted, -Offset(subject));

    /// <summary>The shifted instant: the time of the day stays. Null if it would leave the years 1 to 9999.</summary>
    public DateTimeOffset? Shift(DateTimeOffset instant, string subject) => Add(instant, Offset(subject));

    /// <summary>The instant that was shifted.</summary>
    public DateTimeOffset? Unshift(DateTimeOffset shifted, string subject) => Add(shifted, -Offset(subject));

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _hash.Dispose();

    private int Offset(string subject)
    {
        ulong hash = _hash.Of(CanonicalForm.Of(TokenKind.Identifier, subject));
        return (int)(hash % (ulong)((2 * Days) + 1)) - Days;
    }

    private static DateOnly? Add(DateOnly date, int days)
    {
        int number = date.DayNumber + days;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(number) : null;
    }

    private static DateTimeOffset? Add(DateTimeOffset instant, int days)
    {
        // A day of room on both sides: the offset from UTC must not leave the calendar either.
        long ticks = instant.UtcTicks + (days * TimeSpan.TicksPerDay);
        bool inside = ticks >= TimeSpan.TicksPerDay && ticks <= DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerDay;
        return inside ? instant.AddDays(days) : null;
    }
}
