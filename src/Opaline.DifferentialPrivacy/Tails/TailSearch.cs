namespace Opaline.DifferentialPrivacy;

/// <summary>Searches of the least integer from which on a falling tail is small enough.</summary>
internal static class TailSearch
{
    /// <summary>The least t ≥ 0 with P(|X| &gt; t) = 2·P(X ≥ t + 1) ≤ alpha.</summary>
    public static long HalfWidth(Func<long, double> upperTail, double alpha)
    {
        Domain.Alpha(alpha);
        return Least(0, t => 2 * upperTail(t + 1) <= alpha);
    }

    /// <summary>The least t ≥ from that holds; what holds at t must hold at every greater one.</summary>
    public static long Least(long from, Func<long, bool> holds)
    {
        if (holds(from))
            return from;
        // Gallop: low never holds, high does.
        long low = from;
        long step = 1;
        while (!holds(checked(low + step)))
        {
            low += step;
            step *= 2;
        }
        long high = low + step;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (holds(middle))
                high = middle;
            else
                low = middle;
        }
        return high;
    }
}
