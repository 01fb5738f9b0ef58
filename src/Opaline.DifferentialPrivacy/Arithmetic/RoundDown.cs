namespace Opaline.DifferentialPrivacy;

/// <summary>Directed rounding of results in doubles: down, where down is the careful side.</summary>
internal static class RoundDown
{
    /// <summary>
    /// A lower bound of the number, not negative, of which <paramref name="value"/> is an evaluation within <see cref="RoundUp.Slack"/>.
    /// </summary>
    public static double Tighten(double value) => Math.Max(0, Math.BitDecrement(Math.BitDecrement(value * (1 - RoundUp.Slack))));

    /// <summary>A lower bound of the exact product of two doubles that are not negative.</summary>
    public static double Multiply(double left, double right) => Math.Max(0, Math.BitDecrement(left * right));

    /// <summary>A lower bound of the exact sum of two doubles that are not negative.</summary>
    public static double Add(double left, double right) => Math.Max(0, Math.BitDecrement(left + right));

    /// <summary>A lower bound of the exact difference of two doubles.</summary>
    public static double Subtract(double left, double right) => Math.BitDecrement(left - right);
}
