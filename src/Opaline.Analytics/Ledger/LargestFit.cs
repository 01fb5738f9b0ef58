namespace Opaline.Analytics;

/// <summary>
/// The largest loss with which a question that does not fit would: made of the plan's shape and of accounts alone, both of which are public. Asking the
/// identical question with it is accepted, as long as nobody spends in between.
/// </summary>
/// <param name="Epsilon">ε to ask with, to five digits, rounded down; null if none fits.</param>
/// <param name="Delta">δ to ask with; null where the question's own fits, or no ε does.</param>
internal readonly record struct LargestFit(double? Epsilon, double? Delta)
{
    private const int Digits = 5;

    // A cost grows about as ε², so the search nearly always ends after five or six plans; no question costs more than this.
    private const int MostPlans = 64;

    /// <summary>Searches; tens of plans at most, no data.</summary>
    /// <param name="plan">The plan that does not fit.</param>
    /// <param name="leftNanoRho">The least ρ that is left in an account.</param>
    /// <param name="leftAttoDelta">The least δ that is left in an account.</param>
    public static LargestFit Of(QueryPlan plan, long leftNanoRho, long leftAttoDelta)
    {
        if (leftNanoRho <= 0 || Share(plan, leftAttoDelta) is not { } delta)
            return default;
        double start = plan.Epsilon * Math.Min(1, Math.Sqrt((double)leftNanoRho / plan.Cost.Value));
        if (!(start > 0))
            return default;
        // The grid: whole multiples of a power of ten that gives the first guess its digits.
        double perUnit = Math.Pow(10, Digits - 1 - (int)Math.Floor(Math.Log10(start)));
        double? epsilon = Search(plan, delta, leftNanoRho, leftAttoDelta, perUnit, (long)(start * perUnit));
        return new LargestFit(epsilon, epsilon is null || delta == plan.Delta ? null : delta);
    }

    // Selection of keys may fail with half of the question's δ. Where that half is left the question's own δ fits whatever the threshold.
    private static double? Share(QueryPlan plan, long leftAttoDelta)
    {
        if (plan.Selection is null || plan.Delta / 2 * 1e18 <= leftAttoDelta)
            return plan.Delta;
        if (leftAttoDelta <= 0)
            return null;
        double most = leftAttoDelta / 1e18 * 2;
        double perUnit = Math.Pow(10, 2 - (int)Math.Floor(Math.Log10(most)));
        double delta = Math.Floor(most * perUnit * (1 - 1e-12)) / perUnit;
        return delta >= QueryLimits.MinDelta ? delta : null;
    }

    private static double? Search(QueryPlan plan, double delta, long leftNanoRho, long leftAttoDelta, double perUnit, long guess)
    {
        long fits = 0;
        // What measures share is paid once, so that of Gaussian noise more may be asked for than is spent.
        long tooMuch = (long)Math.Floor((plan.Mechanism == NoiseMechanism.DiscreteGaussian ? QueryLimits.MaxEpsilon : plan.Epsilon) * perUnit) + 1;
        double? found = null;
        long step = 1;
        for (int plans = 0; tooMuch - fits > 1 && plans < MostPlans; plans++)
        {
            long at = Math.Clamp(guess, fits + 1, tooMuch - 1);
            QueryPlan? other = Plan(plan, at / perUnit, delta);
            bool holds = other is null || other.Fits(leftNanoRho, leftAttoDelta);
            if (holds)
                (fits, found) = (at, other is null ? null : at / perUnit);
            else
                tooMuch = at;
            long next = other is null ? at : (long)(at * Math.Sqrt((double)leftNanoRho / other.Cost.Value));
            // Near the end the guess stands still: then in doubling steps towards the other side.
            bool stands = holds ? next <= fits : next >= tooMuch;
            guess = stands ? (holds ? fits + step : tooMuch - step) : next;
            step = stands ? step * 2 : 1;
        }

        return found;
    }

    // Too small a loss cannot be shared out, or its noise would drown everything: nothing is to be had there.
    private static QueryPlan? Plan(QueryPlan plan, double epsilon, double delta)
    {
        try
        {
            return plan.At(epsilon, delta);
        }
        catch (QueryRefusedException)
        {
            return null;
        }
    }
}
