using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>Makes a value coarser, or masks a part of it. Immutable; made by <see cref="Parse"/> from a treatment's specification.</summary>
public sealed class Generalizer
{
    private const string Known =
        "hour, day, week, month, quarter, year, hour_of_day, day_of_week, day_of_month, week_of_year, month_of_year, age_band:N, bucket:N, "
        + "bands:A,B, top:N, bottom:N, ip_prefix, zip3, keep_first:N, keep_last:N, keep_ends:N,M";

    private const int MostBorders = 16;

    private readonly Func<string, string?> _apply;

    private Generalizer(string specification, Func<string, string?> apply, bool isMask = false)
    {
        Specification = specification;
        _apply = apply;
        IsMask = isMask;
    }

    /// <summary>The specification in its normal form, such as <c>age_band:10</c>.</summary>
    public string Specification { get; }

    /// <summary>Whether it masks a part of the value (<c>keep_first:N</c>, <c>keep_last:N</c>, <c>keep_ends:N,M</c>) instead of making the whole coarser.</summary>
    public bool IsMask { get; }

    /// <summary>Reads a specification:
    /// <list type="bullet">
    /// <item><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>, <c>year</c>: of a date or time, such as <c>2024-01</c>,
    /// <c>2024-W03</c>, <c>2024-Q1</c>. A time with an offset is cut in UTC.</item>
    /// <item><c>hour_of_day</c>, <c>day_of_week</c> (Monday is 1), <c>day_of_month</c>, <c>week_of_year</c>, <c>month_of_year</c>: that part
    /// alone, such as <c>07</c>.</item>
    /// <item><c>age_band:N</c>: of an age in years, such as <c>30-39</c>; N from 2 to 50.</item>
    /// <item><c>bucket:N</c>: of a number, the half-open bucket, such as <c>[50,100)</c>; N above 0.</item>
    /// <item><c>bands:A,B,…</c>: of a number, the band between declared borders: <c>&lt;18</c>, <c>[18,65)</c>, <c>65+</c>; 1 to 16 borders,
    /// ascending.</item>
    /// <item><c>top:N</c>: the number, and <c>N+</c> from N on. <c>bottom:N</c>: the number, and <c>&lt;=N</c> up to N.</item>
    /// <item><c>ip_prefix</c>: the /24 of an IPv4 and the /48 of an IPv6 address.</item>
    /// <item><c>zip3</c>: the first three digits of a US ZIP code, or <c>000</c> where 20,000 people or fewer live (HIPAA; Census 2000).</item>
    /// <item><c>keep_first:N</c>, <c>keep_last:N</c>, <c>keep_ends:N,M</c>: masks all but N characters, or N at the beginning and M at the
    /// end; each from 1 to 64. The mask does not tell the length.</item>
    /// </list></summary>
    /// <exception cref="FormatException">The specification is unknown or its number is out of range; the message says what is allowed.</exception>
    public static Generalizer Parse(string specification) =>
        TryParse(specification, out Generalizer? generalizer, out string? error) ? generalizer! : throw new FormatException(error);

    /// <summary>Reads a specification as <see cref="Parse"/> does; on failure <paramref name="error"/> says what is allowed.</summary>
    public static bool TryParse(string? specification, out Generalizer? generalizer, out string? error)
    {
        string[] parts = (specification ?? "").Split(':');
        generalizer = null;
        error = parts.Length > 2 ? $"A generalizer is a name or name:N. Known: {Known}." : null;
        if (error is not null)
            return false;
        string name = parts[0];
        string? number = parts.Length == 2 ? parts[1] : null;
        (generalizer, error) = name switch
        {
            "hour" => Plain(name, number, CalendarCut.Hour),
            "day" => Plain(name, number, CalendarCut.Day),
            "week" => Plain(name, number, CalendarCut.Week),
            "month" => Plain(name, number, CalendarCut.Month),
            "quarter" => Plain(name, number, CalendarCut.Quarter),
            "year" => Plain(name, number, CalendarCut.Year),
            "hour_of_day" => Plain(name, number, CalendarCut.HourOfDay),
            "day_of_week" => Plain(name, number, CalendarCut.DayOfWeek),
            "day_of_month" => Plain(name, number, CalendarCut.DayOfMonth),
            "week_of_year" => Plain(name, number, CalendarCut.WeekOfYear),
            "month_of_year" => Plain(name, number, CalendarCut.MonthOfYear),
            "ip_prefix" => Plain(name, number, AddressPrefix.Of),
            "zip3" => Plain(name, number, PostalPrefix.Zip3),
            "age_band" => Whole(name, number, 2, 50, n => v => NumberBand.Age(v, n)),
            "keep_first" => Whole(name, number, 1, 64, n => v => PartialMask.KeepFirst(v, n), isMask: true),
            "keep_last" => Whole(name, number, 1, 64, n => v => PartialMask.KeepLast(v, n), isMask: true),
            "keep_ends" => Ends(name, number),
            "bands" => Bands(name, number),
            "bucket" => Positive(name, number, n => v => NumberBand.Bucket(v, n)),
            "top" => Positive(name, number, n => v => NumberBand.Top(v, n)),
            "bottom" => Positive(name, number, n => v => NumberBand.Bottom(v, n)),
            _ => (null, $"This generalizer is not known. Known: {Known}."),
        };
        return generalizer is not null;
    }

    /// <summary>
    /// The coarser value, or null if the value is not of the kind that this generalizer reads. Then nothing may be stored in its
    /// column: a value that cannot be read cannot be made coarser.
    /// </summary>
    public string? Apply(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _apply(value);
    }

    /// <inheritdoc />
    public override string ToString() => Specification;

    private static (Generalizer?, string?) Plain(string name, string? number, Func<string, string?> apply) => number is null
        ? (new Generalizer(name, apply), null)
        : (null, $"'{name}' takes no number: write '{name}'.");

    private static (Generalizer?, string?) Whole(
        string name, string? number, int least, int most, Func<int, Func<string, string?>> apply, bool isMask = false)
    {
        bool valid = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= least && n <= most;
        return valid
            ? (new Generalizer(string.Create(CultureInfo.InvariantCulture, $"{name}:{n}"), apply(n), isMask), null)
            : (null, $"'{name}' needs a whole number from {least} to {most}: '{name}:{Math.Max(least, 10)}'.");
    }

    private static (Generalizer?, string?) Positive(string name, string? number, Func<decimal, Func<string, string?>> apply)
    {
        bool valid = decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal n)
            && n is >= 0.000001m and <= 1_000_000_000_000m;
        return valid
            ? (new Generalizer(string.Create(CultureInfo.InvariantCulture, $"{name}:{NumberBand.Text(n)}"), apply(n)), null)
            : (null, $"'{name}' needs a number above 0: '{name}:50'.");
    }

    private static (Generalizer?, string?) Ends(string name, string? numbers)
    {
        int[] counts =
        [
            .. (numbers ?? "").Split(',').Select(
                n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0),
        ];
        if (counts.Length != 2 || counts.Any(n => n is < 1 or > 64))
            return (null, $"'{name}' needs two whole numbers from 1 to 64: '{name}:1,2'.");
        string specification = string.Create(CultureInfo.InvariantCulture, $"{name}:{counts[0]},{counts[1]}");
        return (new Generalizer(specification, v => PartialMask.KeepEnds(v, counts[0], counts[1]), isMask: true), null);
    }

    private static (Generalizer?, string?) Bands(string name, string? numbers)
    {
        decimal?[] read = [.. (numbers ?? "").Split(',').Select(Border)];
        decimal[] borders = [.. read.OfType<decimal>()];
        bool ascending = borders.Zip(borders.Skip(1), (lower, upper) => lower < upper).All(isLess => isLess);
        if (borders.Length != read.Length || borders.Length > MostBorders || !ascending)
            return (null, $"'{name}' needs 1 to {MostBorders} ascending borders: '{name}:18,65'.");
        return (new Generalizer($"{name}:{string.Join(',', borders.Select(NumberBand.Text))}", v => NumberBand.Band(v, borders)), null);
    }

    private static decimal? Border(string text)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out decimal border) && Math.Abs(border) <= 1_000_000_000_000m
            ? border
            : null;
    }
}
