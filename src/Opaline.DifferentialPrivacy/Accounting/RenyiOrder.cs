namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The search for the order α of a conversion from ρ-zCDP, on the scale y = ln(α − 1). Both conversions are quasi-convex in α (the
/// logarithm of δ is convex in it, and the orders with ε(α) ≤ e are those with δ_e(α) ≤ δ), so a golden-section search finds the least
/// value. Evaluations are loosened by the rounding of the terms that they add up: each value is valid, whatever the order.
/// </summary>
internal sealed class RenyiOrder(double rho)
{
    // α from 1 + 1e-13 to 1 + 1e22: with ρ from 1e-9 to 5e9 and any δ the best order lies well inside.
    private const double LeastY = -30;
    private const double GreatestY = 51;

    // Each term is good to a few units in the last place.
    private const double TermError = 16 * RoundUp.Unit;

    /// <summary>An upper bound of ln δ at the order, for the given ε.</summary>
    public double LogDelta(double y, double epsilon)
    {
        double less = Math.Exp(y);
        double alpha = 1 + less;
        return Sum(less * alpha * rho, -less * epsilon, alpha * LogOneLessInverse(y), -y);
    }

    /// <summary>An upper bound of ε at the order, for the given ln δ.</summary>
    public double Epsilon(double y, double logDelta)
    {
        double less = Math.Exp(y);
        return Sum((1 + less) * rho, LogOneLessInverse(y), -LogAlpha(y) / less, -logDelta / less);
    }

    /// <summary>The least value of a bound over the orders.</summary>
    public static double Minimize(Func<double, double> bound) => GoldenSection.Least(LeastY, GreatestY, 1e-9, bound);

    private static double Sum(double a, double b, double c, double d)
    {
        double magnitude = Math.Abs(a) + Math.Abs(b) + Math.Abs(c) + Math.Abs(d);
        return a + b + c + d + (magnitude * TermError);
    }

    // ln α = ln(1 + e^y).
    private static double LogAlpha(double y) => y > 0 ? y + NearOne.LogOnePlus(Math.Exp(-y)) : NearOne.LogOnePlus(Math.Exp(y));

    // ln(1 − 1/α) = ln((α − 1)/α) = −ln(1 + e^−y).
    private static double LogOneLessInverse(double y) => y > 0 ? -NearOne.LogOnePlus(Math.Exp(-y)) : y - NearOne.LogOnePlus(Math.Exp(y));
}
