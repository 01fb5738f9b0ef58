namespace Opaline.DifferentialPrivacy;

/// <summary>
/// δ(ε) of a Gaussian of ratio μ = Δ/σ. With a = ε/μ − μ/2 and b = a + μ, e^ε·φ(b) = φ(a) and δ = φ(a)·(M(a) − M(b)), M the Mills ratio: no
/// e^ε, so it serves ε of thousands and δ of 1e-300. Where a and b are close the difference is the integral of −M′, a sum of positive
/// terms.
/// </summary>
internal static class GaussianCurve
{
    // Below, δ is nearly 1 and its complement is the smaller number.
    private const double ComplementEnd = -1.5;

    /// <summary>δ, rounded up, of μ = √squaredMu.</summary>
    /// <param name="squaredMu">Above 0; μ is rounded up.</param>
    /// <param name="epsilon">At least 0.</param>
    public static double Delta(double squaredMu, double epsilon)
    {
        double mu = Math.BitIncrement(Math.Sqrt(squaredMu));
        double a = (epsilon / mu) - (mu / 2);
        double b = (epsilon / mu) + (mu / 2);
        // a and b are good to two units of b. That moves the exponent a²/2 by |a| times as much, and the logarithm of the factor behind it
        // by less than seven times as much.
        double error = RoundUp.Slack + (4 * RoundUp.Unit * b * ((2 * Math.Abs(a)) + 4));
        if (!(error < 0.5))
            return Crude(a - (8 * RoundUp.Unit * b));
        if (a < ComplementEnd)
        {
            double complement = NormalLaw.Upper(-a) + (NormalLaw.Density(a) * NormalLaw.MillsRatio(b));
            return Math.Min(1, Math.BitIncrement(1 - (complement * (1 - error))));
        }
        return Math.Min(1, RoundUp.Loosen(NormalLaw.Density(a) * Difference(a, b, mu) * (1 + error)));
    }

    // Where a has hardly a digit: δ ≤ 1 − Φ(a) ≤ e^(−a²/2), from a lower bound of a.
    private static double Crude(double a) => a > 0 ? RoundUp.Loosen(Math.Exp(-a * a / 2)) : 1;

    // M(a) − M(b). M changes over widths of 1 + |a|: on less than half of that, eight nodes are exact to 1e-16; on more, the difference
    // keeps its digits.
    private static double Difference(double a, double b, double mu)
    {
        if (mu > 0.5 * Math.Max(1, a))
            return NormalLaw.MillsRatio(a) - NormalLaw.MillsRatio(b);
        double sum = 0;
        foreach ((double node, double weight) in GaussLegendre.Nodes(a, mu))
            sum += weight * NormalLaw.Slope(node);
        return sum;
    }
}
