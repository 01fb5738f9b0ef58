namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Rényi divergences in closed form, by order α ≥ 1, rounded up. Their terms cancel for small ε and near α = 1, so what they may err by is
/// added. Between 1 and 1.001 the value at 1.001 is taken: divergences rise with the order.
/// </summary>
internal static class RenyiDivergence
{
    private const double LeastAboveOne = 1.001;

    // Thirty units of the terms: each has less than ten roundings.
    private const double TermError = 32 * RoundUp.Unit;

    /// <summary>Laplace noise with ε = Δ1/s (Mironov 2017, proposition 6).</summary>
    public static double Laplace(double epsilon, double order)
    {
        if (order == 1)
            return epsilon + NearOne.ExpMinusOne(-epsilon) + (TermError * epsilon);
        double alpha = Math.Max(order, LeastAboveOne);
        // ln of α/(2α − 1)·e^((α−1)ε) + (α − 1)/(2α − 1)·e^(−αε), with e^((α−1)ε) taken out: what is left lies in (−1/2, 0].
        double rest = (alpha - 1) / ((2 * alpha) - 1) * NearOne.ExpMinusOne(-((2 * alpha) - 1) * epsilon);
        return Math.Min(epsilon, epsilon + (NearOne.LogOnePlus(rest) / (alpha - 1)) + (TermError * epsilon));
    }

    /// <summary>
    /// Discrete Laplace noise of rate 1/s with ε = Δ/s. Under P = a^|x|·(1 − a)/(1 + a) the loss is ε for x ≤ 0, −ε for x ≥ Δ and ε − 2x/s
    /// between, so that E[(P/Q)^(α−1)] = e^((α−1)ε)·(1 + q^Δ + (1 − a)·(q − q^Δ)/(1 − q))/(1 + a) with q = e^(−(2α−1)/s).
    /// </summary>
    public static double DiscreteLaplace(double epsilon, double rate, double order)
    {
        double alpha = Math.Max(order, LeastAboveOne);
        double slope = (2 * alpha) - 1;
        double a = Math.Exp(-rate);
        double last = Math.Exp(-slope * epsilon);
        double between = NearOne.ExpMinusOne(-rate) / NearOne.ExpMinusOne(-slope * rate) * (Math.Exp(-slope * rate) - last);
        double rest = (last - a + Math.Max(0, between)) / (1 + a);
        // Here the terms cancel to a few units of 1, whatever ε is; randomised response is an upper bound that keeps its digits.
        double divergence = epsilon + (NearOne.LogOnePlus(rest) / (alpha - 1)) + (TermError * (1 + epsilon) / (alpha - 1));
        double greatest = Pure(epsilon, order);
        return divergence < greatest ? divergence : greatest;
    }

    /// <summary>Randomised response (Mironov 2017, proposition 5): the loss is ε with chance 1/(1 + e^−ε), and else −ε.</summary>
    public static double Pure(double epsilon, double order)
    {
        double lesser = Math.Exp(-epsilon) / (1 + Math.Exp(-epsilon));
        if (order == 1)
            return epsilon * (1 - (2 * lesser)) * (1 + TermError) + (TermError * epsilon);
        double alpha = Math.Max(order, LeastAboveOne);
        double rest = lesser * NearOne.ExpMinusOne(-2 * (alpha - 1) * epsilon);
        return Math.Min(epsilon, epsilon + (NearOne.LogOnePlus(rest) / (alpha - 1)) + (TermError * epsilon));
    }

    /// <summary>
    /// A range of ε: the loss is t or t − ε, and over the t the divergence is greatest where e^t = (α − 1)·(1 + B)/(α·B), with
    /// B = (1 − e^(−(α−1)ε))/(e^ε − 1); there it is t + ln((1 + B)/α)/(α − 1) (the worst pair: Dong, Durfee, Rogers, Optimal Differential
    /// Privacy Composition for Exponential Mechanisms, 2020, arXiv 1909.13830). α·ε²/8 (Cesar and Rogers 2021, arXiv 2004.07223, lemma 3.4)
    /// bounds it too, and keeps its digits for a small ε.
    /// </summary>
    public static double BoundedRange(double epsilon, double order)
    {
        double concentrated = Math.Min(epsilon, order * epsilon * epsilon / 8);
        double exp = NearOne.ExpMinusOne(epsilon);
        if (exp == 0 || double.IsInfinity(exp))
            return concentrated;
        if (order == 1)
            return Math.Min(concentrated, Math.Log(exp / epsilon) - 1 + (epsilon / exp) + (TermError * (1 + epsilon)));
        double alpha = Math.Max(order, LeastAboveOne);
        double b = -NearOne.ExpMinusOne(-(alpha - 1) * epsilon) / exp;
        double t = Math.Log((alpha - 1) * (1 + b) / (alpha * b));
        return Math.Min(concentrated, t + (Math.Log((1 + b) / alpha) / (alpha - 1)) + (TermError * (1 + epsilon + (1 / (alpha - 1)))));
    }
}
