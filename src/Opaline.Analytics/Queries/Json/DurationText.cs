using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Lengths of time as text: a whole number of seconds, minutes, hours or days, such as <c>30m</c> or <c>7d</c>.</summary>
internal static class DurationText
{
    private const int MaxDigits = 9;

    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    public static TimeSpan? Read(string text)
    {
        foreach ((char unit, long seconds) in Units)
        {
            if (text.Length is > 1 and <= MaxDigits && text[^1] == unit
                && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            {
                return TimeSpan.FromSeconds(count * seconds);
            }
        }

        return null;
    }

    public static string Write(TimeSpan time)
    {
        long all = (long)time.TotalSeconds;
        (char unit, long seconds) = Units.First(u => all % u.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{all / seconds}{unit}");
    }
}
