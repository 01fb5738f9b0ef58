using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// e^−x in 64-bit integers with a proved error: what decides all but about one coin in 2^50 before <see cref="NegativeExponential"/> has
/// to. With x = i + j/64 + r, i and j whole, r below 1/64, it is e^−i·e^−(j/64)·e^−r: two tables of 64 entries and a series of nine terms.
/// </summary>
internal static class FixedExponential
{
    /// <summary>1, in the unit of the results: 2^−63.</summary>
    public const ulong One = 1UL << 63;

    /// <summary>
    /// The most that <see cref="Near"/> is off by, in units of 2^−63, if its argument is within 2^−62·max(x, 1) + 2^−64 of x:
    /// <list type="bullet">
    /// <item>2 for each table entry, 1 for each of the two products of the factors, which are cut off: 6;</item>
    /// <item>the series: a coefficient that is cut off lowers a partial sum by less than 1, a product that is cut off raises it by less
    /// than 1, and what comes from the sum before is divided by 64: below 64/63; the terms left out are below 64^−9/9! &lt; 2^−72: together
    /// below 1.02;</item>
    /// <item>the argument: e^−x changes by less than (2^−62·max(x, 1) + 2^−64)·e^−x, where max(x, 1)·e^−x ≤ 1: 2.5.</item>
    /// </list>
    /// The sum is below 10; the tests compare with exact bounds.
    /// </summary>
    public const uint Error = 12;

    /// <summary>Arguments from here on give 0: e^−64 is below 2^−92.</summary>
    public const uint Vanishing = 64;

    private const int DigitBits = 6;
    private const int Terms = 9;

    private static readonly ulong[] s_wholes = Table(1);
    private static readonly ulong[] s_parts = Table(1 << DigitBits);
    private static readonly ulong[] s_coefficients = Coefficients();

    /// <summary>e^−x in units of 2^−63, within <see cref="Error"/>.</summary>
    /// <param name="x">x in units of 2^−64.</param>
    public static ulong Near(UInt128 x)
    {
        ulong whole = (ulong)(x >> 64);
        if (whole >= Vanishing)
            return 0;
        ulong fraction = (ulong)x;
        ulong r = fraction & (ulong.MaxValue >> DigitBits);
        ulong series = s_coefficients[Terms - 1];
        for (int k = Terms - 2; k >= 0; k--)
            series = s_coefficients[k] - Math.BigMul(series, r, out _);
        return Product(Product(s_wholes[whole], s_parts[fraction >> (64 - DigitBits)]), series);
    }

    private static ulong Product(ulong left, ulong right) => (ulong)(Math.BigMul(left, right) >> 63);

    // e^−(i/d), at most 2 units too low.
    private static ulong[] Table(int d) =>
        [.. Enumerable.Range(0, 1 << DigitBits).Select(i => (ulong)NegativeExponential.Bounds(i, d, 63).Low)];

    // 1/k!, cut off.
    private static ulong[] Coefficients()
    {
        ulong[] coefficients = new ulong[Terms];
        BigInteger factorial = BigInteger.One;
        for (int k = 0; k < Terms; factorial *= ++k)
            coefficients[k] = (ulong)(One / factorial);
        return coefficients;
    }
}
