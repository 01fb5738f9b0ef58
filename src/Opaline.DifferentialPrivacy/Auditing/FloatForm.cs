namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The magnitude of a double and the coarsest power of 2 of which it is a multiple, both as exponents. Noise made in floating point leaves
/// a trace in both: of a + X the lowest bits are gone where X was larger than the sum (Mironov, On Significance of the Least Significant
/// Bits for Differential Privacy, CCS 2012).
/// </summary>
/// <param name="Magnitude">The exponent of the power of 2 not above the absolute value.</param>
/// <param name="Grid">The exponent of the greatest power of 2 that divides it.</param>
internal readonly record struct FloatForm(int Magnitude, int Grid)
{
    private const int Bias = 1075;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;

    // Numbers without a form are told apart from all others, and from each other.
    private const int None = 1 << 20;

    public static FloatForm Of(double value)
    {
        if (value == 0)
            return new FloatForm(0, None);
        if (!double.IsFinite(value))
            return new FloatForm(double.IsNaN(value) ? 0 : double.Sign(value), None + 1);
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> MantissaBits) & 0x7FF);
        long mantissa = bits & MantissaMask;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1L << MantissaBits;
        int grid = exponent - Bias + (int)long.TrailingZeroCount(mantissa);
        return new FloatForm(63 - (int)long.LeadingZeroCount(mantissa) + exponent - Bias, grid);
    }

    public override string ToString() => Grid < None ? $"2^{Magnitude} on a grid of 2^{Grid}" : Grid == None ? "0" : "not finite";
}
