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

    public static void Positive(BigInteger value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign > 0, value, name, "above 0");

    public static void AtLeastOne(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= 1, value, name, "at least 1");

    public static void NotNegative(long value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= 0, value, name, "at least 0");

    /// <summary>A number with a least and a greatest value.</summary>
    public static void Within(long value, long least, long greatest, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value >= least && value <= greatest, value, name, string.Create(CultureInfo.InvariantCulture, $"in [{least}, {greatest}]"));

    public static void Positive(NanoRho value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Value > 0, value.Value, name, "at least 1 nano-ρ: with a loss of 0 no noise is enough");

    /// <summary>A positive rational up to 2^<paramref name="power"/>: beyond, a draw could leave the 64-bit range with a chance worth naming.</summary>
    public static void Scale(Rational value, int power, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Check(value.Sign > 0 && value <= Rational.FromInteger(BigInteger.One << power), value, name, $"in (0, 2^{power}]");

    private static void Check(bool allowed, object value, string name, string range)
    {
        if (!allowed)
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {range}."));
    }
}
