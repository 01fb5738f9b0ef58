namespace Opaline.Platform.Tests.Analytics.Releases;

/// <summary>Tail probabilities of the statistical tests, by closed forms.</summary>
internal static class ExactTests
{
    /// <summary>Whether k successes of n lie in the two-sided 1 − α interval of a binomial law, each tail holding at most α/2.</summary>
    public static bool BinomialAccepts(int successes, int n, double p, double alpha)
    {
        double[] logs = new double[n + 1];
        logs[0] = n * Math.Log(1 - p);
        for (int k = 1; k <= n; k++)
            logs[k] = logs[k - 1] + Math.Log((double)(n - k + 1) / k) + Math.Log(p / (1 - p));
        double lower = 0;
        double upper = 0;
        for (int k = 0; k <= n; k++)
        {
            double probability = Math.Exp(logs[k]);
            if (k <= successes)
                lower += probability;
            if (k >= successes)
                upper += probability;
        }

        return lower > alpha / 2 && upper > alpha / 2;
    }

    /// <summary>P(χ² ≥ x) for an even number of degrees of freedom: e^(−x/2)·Σ (x/2)^i/i!.</summary>
    public static double ChiSquareTail(double x, int degrees)
    {
        double term = Math.Exp(-x / 2);
        double sum = term;
        for (int i = 1; i < degrees / 2; i++)
        {
            term *= x / 2 / i;
            sum += term;
        }

        return sum;
    }
}
