using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Opaline.DifferentialPrivacy;

/// <summary>The domains of parameters. Each refusal names the parameter and what is allowed.</summary>
internal static class Domain
{
    public static void Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(double.IsFinite(value), value, name, "a finite number");

    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(double.IsFinite(value) && value > 0, value, name, "a finite number above 0");

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(double.IsFinite(value) && value >= 0, value, name, "a finite number, at least 0");

    /// <summary>A δ that may be 0.</summary>
    public static void Delta(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is >= 0 and < 1, value, name, "in [0, 1)");

    /// <summary>A δ that the mechanism or conversion needs.</summary>
    public static void PositiveDelta(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is > 0 and < 1, value, name, "in (0, 1)");

    public static void Confidence(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is > 0 and < 1, value, name, "in (0, 1)");

    /// <summary>A chance of error. The floor keeps every tail above the least normal double, where its relative error is known.</summary>
    public static void Alpha(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is >= 1e-300 and < 1, value, name, "in [1e-300, 1)");

    /// <summary>The chance of error that a confidence leaves: below 1, also where the confidence is lost in the rounding.</summary>
    public static double AlphaOf(double confidence, [CallerArgumentExpression(nameof(confidence))] string name = "")
    {
        Confidence(confidence, name);
        return Math.Min(1 - confidence, Math.BitDecrement(1));
    }

    public static void Positive(BigInteger value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign > 0, value, name, "above 0");

    public static void Positive(Rational value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign > 0, value, name, "above 0");

    public static void NotNegative(Rational value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign >= 0, value, name, "at least 0");

    public static void AtLeastOne(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= 1, value, name, "at least 1");

    public static void Within(long value, long least, long greatest, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= least && value <= greatest, value, name, string.Create(CultureInfo.InvariantCulture, $"in [{least}, {greatest}]"));

    public static void NotNegative(long value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= 0, value, name, "at least 0");

    public static void Positive(NanoRho value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Value > 0, value.Value, name, "at least 1 nano-ρ: with a loss of 0 no noise is enough");

    /// <summary>
    /// A positive rational up to 2^<paramref name="power"/>: beyond, a draw could leave the 64-bit range with a chance worth naming.
    /// </summary>
    public static void Scale(Rational value, int power, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign > 0 && value <= Rational.FromInteger(BigInteger.One << power), value, name, $"in (0, 2^{power}]");

    /// <summary>A loss that a ledger can count; the value named is the one that is out of proportion.</summary>
    public static void Countable(Rational rho, object value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(rho <= new NanoRho(long.MaxValue).Rho, value, name, "so small that the loss is at most 9.2·10^9 ρ");

    /// <summary>A loss as it is given.</summary>
    public static void Rho(Rational value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign >= 0 && value <= new NanoRho(long.MaxValue).Rho, value, name, "in [0, 9.2·10^9]");

    /// <summary>A noise that can be drawn: it is the sensitivity that is out of proportion to the loss.</summary>
    public static void Drawable(
        IDiscreteNoise? noise, BigInteger sensitivity, [CallerArgumentExpression(nameof(sensitivity))] string name = "") =>
        Check(noise is not null, sensitivity, name, "so small against the loss that the noise is no wider than 2^56");

    /// <summary>The same where the sensitivity is fixed: then it is the loss that is out of proportion.</summary>
    public static void Enough(IDiscreteNoise? noise, object loss, [CallerArgumentExpression(nameof(loss))] string name = "") =>
        Check(noise is not null, loss, name, "so great that the noise is no wider than 2^50, or 2^56 where it is Gaussian");

    /// <summary>A noise whose loss a ledger can count.</summary>
    public static void WideEnough(IDiscreteNoise noise, Rational rho, string name) =>
        Check(rho <= new NanoRho(long.MaxValue).Rho, noise, name, "so wide that the loss is at most 9.2·10^9 ρ");

    /// <summary>The most that one unit adds to a key: thresholds above it stay within 64 bits.</summary>
    public static void PerKey(long value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value is >= 1 and <= 1L << 60, value, name, "in [1, 2^60]");

    public static void Threshold(Rational value, long perKey, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= perKey && value <= 1L << 62, value, name, "at least perKey and at most 2^62");

    /// <summary>The odds of telling the truth in the local model.</summary>
    public static void Odds(Rational value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value > 1 && value <= BigInteger.One << 64, value, name, "above 1 and at most 2^64");

    /// <summary>The ε of one person's report; below 2^-40 no number of reports tells anything.</summary>
    public static void LocalEpsilon(Rational value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= new Rational(1, 1L << 40) && value <= 44, value, name, "in [2^-40, 44]");

    /// <summary>Chances of all that can happen.</summary>
    public static void Chances(ReadOnlySpan<double> values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        double sum = SumOfChances(values, name);
        Check(Math.Abs(sum - 1) <= 1e-9, sum, name, "chances that add up to 1 within 1e-9");
    }

    /// <summary>Chances of all that can happen, but for <paramref name="rest"/>.</summary>
    public static void ChancesAndRest(
        ReadOnlySpan<double> values, double rest, string name, [CallerArgumentExpression(nameof(rest))] string nameOfRest = "")
    {
        double sum = SumOfChances(values, name) + rest;
        Check(Math.Abs(sum - 1) <= 1e-9, rest, nameOfRest, $"what {name} leave of 1, within 1e-9");
    }

    /// <summary>Rényi orders.</summary>
    public static void Orders(ReadOnlySpan<double> orders)
    {
        Check(orders.Length > 0, orders.Length, nameof(orders), "at least one order");
        foreach (double order in orders)
            Check(double.IsFinite(order) && order >= 1, order, nameof(orders), "finite orders, each at least 1");
    }

    private static double SumOfChances(ReadOnlySpan<double> values, string name)
    {
        Check(values.Length > 0, values.Length, name, "at least one chance");
        double sum = 0;
        foreach (double value in values)
        {
            Check(value is >= 0 and <= 1, value, name, "chances in [0, 1]");
            sum += value;
        }
        return sum;
    }

    private static void Check(bool allowed, object value, string name, string range)
    {
        if (!allowed)
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {range}."));
    }
}
