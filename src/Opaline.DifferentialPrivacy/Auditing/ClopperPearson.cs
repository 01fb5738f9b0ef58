namespace Opaline.DifferentialPrivacy;

/// <summary>
/// One-sided confidence bounds of a chance from k successes in n independent trials (Clopper and Pearson, Biometrika 26, 1934): the chances
/// at which what was seen, or more of it, would be as rare as alpha. Exact for every n, no normal approximation, and on the careful side of
/// the evaluation.
/// </summary>
internal static class ClopperPearson
{
    /// <summary>The most trials for which the evaluation below keeps its error.</summary>
    public const long GreatestTrials = 1L << 40;

    // Where a bound is decided, r = (k − np)/(np) has n·p·r² of the order of ln(1/alpha): the exponent n·p·r²/2 is known to n·p·r·2^-52,
    // below 1e-8, and the sum of √n terms to as much. The tail is loosened by a hundred times that, which moves a bound by about a
    // millionth of its distance from k/n, at k = 1 of itself.
    private const double Slack = 1e-6;

    /// <summary>The lower bound: it is above the chance with a chance of at most <paramref name="alpha"/>.</summary>
    /// <param name="successes">k, from 0 to n.</param>
    /// <param name="trials">n, from 1 to 2^40.</param>
    /// <param name="alpha">In (0, 0.5].</param>
    public static double Lower(long successes, long trials, double alpha)
    {
        if (successes == 0)
            return 0;
        // At k/n the tail is at least a half, since k is the median there.
        return Bisect(0, (double)successes / trials, p => UpperTail(successes, trials, p, 1 - p) <= alpha).Low;
    }

    /// <summary>The upper bound: it is below the chance with a chance of at most <paramref name="alpha"/>.</summary>
    /// <inheritdoc cref="Lower"/>
    public static double Upper(long successes, long trials, double alpha)
    {
        if (successes == trials)
            return 1;
        // At most k successes are at least n − k failures.
        return Bisect((double)successes / trials, 1, p => UpperTail(trials - successes, trials, 1 - p, p) > alpha).High;
    }

    // The ends of the step from true to false, a double apart.
    private static (double Low, double High) Bisect(double low, double high, Func<double, bool> holds)
    {
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
                return (low, high);
            if (holds(middle))
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>An upper bound of P(X ≥ k), k ≥ 1, for n trials of chance p = 1 − q; 1 where k is not above the mean.</summary>
    internal static double UpperTail(long k, long n, double p, double q)
    {
        if (k <= n * p)
            return 1;
        if (p == 0)
            return 0;
        // The terms from k on fall by ever smaller ratios: what is left behind the last is below a geometric series.
        double sum = 1;
        double term = 1;
        double odds = p / q;
        for (long i = k; i < n; i++)
        {
            double ratio = (n - i) / (i + 1.0) * odds;
            term *= ratio;
            sum += term;
            if (term * ratio < sum * (1 - ratio) * 1e-12)
            {
                sum += term * ratio / (1 - ratio);
                break;
            }
        }
        return Math.Exp(LogProbability(k, n, p, q)) * sum * (1 + Slack);
    }

    // ln P(X = k) in the form without cancellation: Stirling's remainders and deviances (C. Loader, Fast and Accurate Computation of
    // Binomial Probabilities, 2000).
    private static double LogProbability(long k, long n, double p, double q)
    {
        if (k == n)
            return n * (p < 0.5 ? Math.Log(p) : NearOne.LogOnePlus(-q));
        double remainders = StirlingRemainder(n) - StirlingRemainder(k) - StirlingRemainder(n - k);
        double scale = Math.Log(n / (2 * Math.PI * k) / (n - k)) / 2;
        return remainders + scale - Deviance(k, n * p) - Deviance(n - k, n * q);
    }

    // x·ln(x/m) + m − x, at least 0.
    private static double Deviance(double x, double m)
    {
        double relative = (x - m) / m;
        return Math.Abs(relative) < 0.5
            ? m * (((1 + relative) * NearOne.LogOnePlus(relative)) - relative)
            : (x * Math.Log(x / m)) + m - x;
    }

    // ln n! − ln(√(2πn)·(n/e)^n): its asymptotic series from 16 on, below by definition.
    private static double StirlingRemainder(long n)
    {
        if (n >= 16)
        {
            double inverse = 1.0 / n;
            double square = inverse * inverse;
            return inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        }
        double logFactorial = 0;
        for (int i = 2; i <= n; i++)
            logFactorial += Math.Log(i);
        return logFactorial - (Math.Log(2 * Math.PI * n) / 2) - (n * Math.Log(n)) + n;
    }
}
