using System.Buffers.Text;
using Opaline.Storage;

namespace Opaline.Ingestion;

/// <summary>
/// Reads times: RFC 3339 (<c>2024-01-15T10:30:00.123Z</c>, <c>…+01:00</c>), and where a zone is given also <c>YYYY-MM-DD</c> and
/// <c>YYYY-MM-DD HH:MM:SS</c> as local times of that zone. Fractions beyond microseconds are cut off. A leap second is the second after it.
/// </summary>
internal static class TimeText
{
    private const long MicrosPerSecond = 1_000_000;

    /// <summary>Reads a time as microseconds since 1970-01-01T00:00:00Z.</summary>
    /// <param name="text">ASCII.</param>
    /// <param name="zone">Zone of local times, or null to refuse them.</param>
    /// <param name="micros">The instant.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, TimeZoneInfo? zone, out long micros)
    {
        micros = 0;
        if (!TryReadDay(text, out DateTime day))
            return false;
        text = text[10..];
        if (text.IsEmpty)
            return zone is not null && TryLocal(day, 0, zone, out micros);
        byte separator = text[0];
        if (separator is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryReadClock(text[1..], out int seconds, out int fraction, out int used))
            return false;
        text = text[(1 + used)..];
        if (text.IsEmpty)
            return zone is not null && TryLocal(day.AddSeconds(seconds), fraction, zone, out micros);
        if (separator == (byte)' ' || !TryReadOffset(text, out int offsetMinutes))
            return false;
        micros = UnixMicros.From(day) + ((seconds - (offsetMinutes * 60L)) * MicrosPerSecond) + fraction;
        return true;
    }

    /// <summary>Reads <c>YYYY-MM-DD</c> as days since 1970-01-01.</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text.Length != 10 || !TryReadDay(text, out DateTime day))
            return false;
        days = (int)(day - DateTime.UnixEpoch).TotalDays;
        return true;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out DateTime day)
    {
        day = default;
        if (text.Length < 10
            || text[4] != (byte)'-' || text[7] != (byte)'-'
            || !TryReadDigits(text[..4], out int year) || !TryReadDigits(text[5..7], out int month) || !TryReadDigits(text[8..10], out int dayOfMonth)
            || year < 1 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateTime(year, month, dayOfMonth, 0, 0, 0, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryReadClock(ReadOnlySpan<byte> text, out int seconds, out int fraction, out int used)
    {
        seconds = fraction = used = 0;
        if (text.Length < 8 || text[2] != (byte)':' || text[5] != (byte)':'
            || !TryReadDigits(text[..2], out int hour) || !TryReadDigits(text[3..5], out int minute) || !TryReadDigits(text[6..8], out int second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        seconds = (hour * 3600) + (minute * 60) + second;
        used = 8;
        if (text.Length == used || text[used] != (byte)'.')
            return true;
        int digits = 0;
        for (used++; used < text.Length && text[used] is >= (byte)'0' and <= (byte)'9'; used++, digits++)
        {
            if (digits < 6)
                fraction = (fraction * 10) + text[used] - '0';
        }

        for (int i = digits; i < 6; i++)
            fraction *= 10;
        return digits > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
            return text[0] is (byte)'Z' or (byte)'z';
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != (byte)':'
            || !TryReadDigits(text[1..3], out int hour) || !TryReadDigits(text[4..6], out int minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    // An hour that a change of clocks skips or repeats is read by the standard offset.
    private static bool TryLocal(DateTime local, int fraction, TimeZoneInfo zone, out long micros)
    {
        micros = UnixMicros.From(local) - (zone.GetUtcOffset(local).Ticks / TimeSpan.TicksPerMicrosecond) + fraction;
        return true;
    }


    private static bool TryReadDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';
}
