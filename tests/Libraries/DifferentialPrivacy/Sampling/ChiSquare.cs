namespace Opaline.Libraries.Tests.DifferentialPrivacy;

/// <summary>
/// Pearson's chi-square test of integer draws against a law. Cells of less than 100 expected draws are merged with their neighbour, so that
/// the chi-square approximation holds far into the tail; the rejection threshold of 1e-11 leaves two orders for what it still lacks: the
/// chance of a false alarm is below 1e-9.
/// </summary>
internal static class ChiSquare
{
    private const double Threshold = 1e-11;
    private const double LeastExpected = 100;
    private const int CellsEachSide = 200;

    /// <param name="draws">The draws.</param>
    /// <param name="upperTail">P(X ≥ t) of the law.</param>
    /// <param name="center">A cell begins here.</param>
    /// <param name="width">Integers in a cell.</param>
    public static bool Rejects(ReadOnlySpan<long> draws, Func<long, double> upperTail, long center, long width) =>
        PValue(draws, upperTail, center, width) < Threshold;

    private static double PValue(ReadOnlySpan<long> draws, Func<long, double> upperTail, long center, long width)
    {
        // Cell i holds edge(i) ≤ x < edge(i + 1); the outermost are open.
        int cells = (2 * CellsEachSide) + 1;
        long[] observed = new long[cells];
        foreach (long draw in draws)
        {
            long cell = Math.Clamp(FloorDivide(draw - center, width), -CellsEachSide, CellsEachSide);
            observed[cell + CellsEachSide]++;
        }
        double statistic = 0;
        int used = 0;
        double expectedSum = 0;
        double observedSum = 0;
        double left = 1;
        for (int i = 0; i < cells; i++)
        {
            double right = i == cells - 1 ? 0 : upperTail(center + ((i + 1 - CellsEachSide) * width));
            expectedSum += (left - right) * draws.Length;
            observedSum += observed[i];
            left = right;
            // What remains on the right must suffice for another cell, or joins this one.
            if ((expectedSum >= LeastExpected && right * draws.Length >= LeastExpected) || i == cells - 1)
            {
                statistic += (observedSum - expectedSum) * (observedSum - expectedSum) / expectedSum;
                used++;
                (expectedSum, observedSum) = (0, 0);
            }
        }
        return UpperGamma((used - 1) / 2.0, statistic / 2);
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    /// <summary>The regularized upper incomplete gamma function: series below a + 1, continued fraction above.</summary>
    private static double UpperGamma(double a, double x)
    {
        if (x <= 0)
            return 1;
        double factor = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a;
            double sum = term;
            for (int n = 1; term > sum * 1e-16; n++)
            {
                term *= x / (a + n);
                sum += term;
            }
            return 1 - (factor * sum);
        }
        double fraction = 0;
        for (int n = 2000; n > 0; n--)
            fraction = n * (n - a) / (x + (2 * n) + 1 - a - fraction);
        return factor / (x + 1 - a - fraction);
    }

    // Stirling's series after lifting the argument above 20.
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 20; x++)
            shift -= Math.Log(x);
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (1 / (12 * x)) - (1 / (360 * x * x * x));
    }
}
