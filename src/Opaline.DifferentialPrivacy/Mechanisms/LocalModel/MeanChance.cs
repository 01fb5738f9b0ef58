namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Bounds of the mean chance of n independent coins, each with a chance of its own, from the number of successes. For every mean chance m,
/// P(successes/n ≥ x) ≤ e^(−n·KL(x‖m)) for x ≥ m, and likewise below (W. Hoeffding, Probability inequalities for sums of bounded random
/// variables, 1963, theorem 1): the m with n·KL(x‖m) ≤ ln(2/α) hold the true one with chance 1 − α.
/// </summary>
internal static class MeanChance
{
    // Terms of n·KL may be as large as n and cancel; the wanted ln(2/α) is loosened by that.
    private const double Rounding = 1e-14;

    public static (double Low, double High) Bounds(long successes, long n, double alpha)
    {
        double share = (double)successes / n;
        double most = (Math.Log(2 / alpha) / n) + Rounding;
        return (Edge(share, 0, most), Edge(share, 1, most));
    }

    // The divergence grows from the share to the end: the outer side of a bisection.
    private static double Edge(double share, double end, double most)
    {
        double inner = share;
        double outer = end;
        for (int i = 0; i < 100; i++)
        {
            double middle = inner + ((outer - inner) / 2);
            if (Divergence(share, middle) <= most)
                inner = middle;
            else
                outer = middle;
        }
        return outer;
    }

    private static double Divergence(double x, double m) => Term(x, m) + Term(1 - x, 1 - m);

    private static double Term(double x, double m) => x == 0 ? 0 : x * Math.Log(x / m);
}
