namespace Opaline.DifferentialPrivacy;

/// <summary>Directed rounding of results in doubles: up, where up is the careful side.</summary>
internal static class RoundUp
{
    /// <summary>
    /// The relative error that evaluations of this library stay below (each says why), and by which they are loosened. Libraries of
    /// elementary functions are good to about 2^-52; exponents up to 745 and sums of a thousand terms lose at most 10 bits of that.
    /// </summary>
    public const double Slack = 1.0 / (1L << 40);

    /// <summary>The relative error of one rounding of a double, 2^−53.</summary>
    public const double Unit = 1.0 / (1L << 53);

    /// <summary>
    /// An upper bound of the number of which <paramref name="value"/> is an evaluation within <see cref="Slack"/>; never 0.
    /// </summary>
    public static double Loosen(double value) => Math.BitIncrement(Math.BitIncrement(value * (1 + Slack)));

    /// <summary>An upper bound of 1 − p, from an evaluation of p.</summary>
    public static double Complement(double p) => Math.Min(1, Math.BitIncrement(1 - RoundDown.Tighten(p)));

    /// <summary>An upper bound of the exact product of two doubles that are not negative.</summary>
    public static double Multiply(double left, double right) => Math.BitIncrement(left * right);

    /// <summary>An upper bound of the exact difference of two doubles.</summary>
    public static double Subtract(double left, double right) => Math.BitIncrement(left - right);
}
