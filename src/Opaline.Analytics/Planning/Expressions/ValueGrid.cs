using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>The public fixed-point grid of a number: it counts as the nearest multiple of the granularity between the bounds.</summary>
/// <param name="Lower">Lower bound, in steps.</param>
/// <param name="Upper">Upper bound, in steps; not below <paramref name="Lower"/>.</param>
/// <param name="Granularity">Length of a step; above 0.</param>
internal sealed record ValueGrid(long Lower, long Upper, decimal Granularity)
{
    /// <summary>Most steps from zero of what is added up: with the largest L its sums stay inside 64 bits.</summary>
    public const long MaxSummed = 1_000_000_000_000;

    /// <summary>Most steps from zero of any number on the way: doubles hold them exactly, and no sum or comparison of two leaves 64 bits.</summary>
    public const long MaxSteps = 1L << 52;

    /// <summary>Most steps of a range whose squares are added up: with the largest L their sums stay inside 53 bits.</summary>
    public const long MaxSquared = 1 << 16;

    // Products of steps beyond this would be rounded by decimal arithmetic.
    private const decimal FinestStep = 0.000000000001m;

    /// <summary>Twice the middle, in steps: a whole number even if the middle is none.</summary>
    public long DoubledMiddle => Lower + Upper;

    /// <summary>Twice half the width, in steps: the most that a doubled value differs from the doubled middle.</summary>
    public long Width => Upper - Lower;

    public decimal LowerValue => Lower * Granularity;

    public decimal UpperValue => Upper * Granularity;

    /// <summary>How many values it has.</summary>
    public long Count => Upper - Lower + 1;

    /// <summary>A value as answers show it.</summary>
    public string Label(long steps) => Text(steps * Granularity);

    /// <summary>A number without trailing zeros.</summary>
    public static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>The grid of one number.</summary>
    public static ValueGrid? OfConstant(decimal number)
    {
        decimal step = 1m;
        for (int i = 0; i < 12 && number % step != 0; i++)
            step /= 10;
        return number % step == 0 ? Of((BigInteger)(number / step), (BigInteger)(number / step), step) : null;
    }

    /// <summary>The grid, or null if it leaves the numbers that are exact on the way.</summary>
    public static ValueGrid? Of(BigInteger lower, BigInteger upper, decimal granularity) =>
        lower >= -MaxSteps && upper <= MaxSteps && granularity > 0 && granularity <= 1_000_000_000_000m && granularity % FinestStep == 0
            ? new ValueGrid((long)lower, (long)upper, granularity)
            : null;

    /// <summary>The longest step of which both steps are multiples.</summary>
    public static decimal CommonStep(decimal x, decimal y)
    {
        while (y != 0)
            (x, y) = (y, x % y);
        return x;
    }

    /// <summary>The same values in steps of a divisor of the granularity, or null if it leaves what is exact.</summary>
    public ValueGrid? In(decimal step) => Of(Lower * (BigInteger)Factor(step), Upper * (BigInteger)Factor(step), step);

    /// <summary>The same range in fewer, longer steps, widened to whole ones: the shortest multiple of the granularity that leaves at most so many.</summary>
    public ValueGrid Coarsened(long maxSteps)
    {
        // Widening adds at most one step at each end.
        long factor = Width <= maxSteps ? 1 : ((Width - 1) / (maxSteps - 2)) + 1;
        return factor == 1
            ? this
            : new ValueGrid((Lower / factor) - (Lower % factor < 0 ? 1 : 0), (Upper / factor) + (Upper % factor > 0 ? 1 : 0), Granularity * factor);
    }

    /// <summary>The same steps between narrower public bounds.</summary>
    /// <exception cref="QueryRefusedException">The bounds do not lie within those of the grid, on its steps.</exception>
    public ValueGrid Within(ClampRange bounds, string path) =>
        bounds.Lower >= LowerValue && bounds.Upper <= UpperValue && bounds.Lower < bounds.Upper && bounds.Lower % Granularity == 0 && bounds.Upper % Granularity == 0
            ? new ValueGrid((long)(bounds.Lower / Granularity), (long)(bounds.Upper / Granularity), Granularity)
            : throw new QueryRefusedException(
                RefusalCodes.InvalidBounds,
                string.Create(CultureInfo.InvariantCulture, $"A clamp is [lower, upper] within [{LowerValue}, {UpperValue}], in steps of {Granularity}."),
                path);

    /// <summary>How many of those steps one of this grid is.</summary>
    public decimal Factor(decimal step) => Granularity / step;
}
