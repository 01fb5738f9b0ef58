namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The choice of thresholds: of all events a score offers, in both directions, the one whose bound after the final runs will be greatest.
/// Wilson's interval foretells the bound closely enough; its width covers what the final runs will cost and the luck of the examples that
/// chose.
/// </summary>
internal sealed class EventChoice
{
    // Three standard deviations: among thousands of thresholds some look good by luck.
    private const double SquaredLuck = 9;

    private readonly double _delta;
    private readonly double _squaredWidth;

    /// <param name="delta">The δ of the bound.</param>
    /// <param name="alpha">The chance of error of each final confidence bound.</param>
    /// <param name="finalRuns">The runs it will rest on.</param>
    /// <param name="examples">The runs on each input from which the event is chosen.</param>
    public EventChoice(double delta, double alpha, long finalRuns, int examples)
    {
        _delta = delta;
        _squaredWidth = (2 * Math.Log(1 / alpha) / finalRuns) + (SquaredLuck / examples);
    }

    /// <summary>The most promising event for each direction, from the scores of as many runs on either input, which are sorted.</summary>
    public AuditEvent[] Best(IEventScore score, double[] first, double[] second)
    {
        Array.Sort(first);
        Array.Sort(second);
        AuditEvent[] best = [new(score, 0, true, true, 0), new(score, 0, true, false, 0)];
        int n = first.Length;
        int a = 0;
        int b = 0;
        int looked = 0;
        while (a < n || b < n)
        {
            double threshold = b == n || (a < n && first[a] <= second[b]) ? first[a] : second[b];
            // Neighbouring thresholds differ by nothing that can be seen.
            int seen = a + b;
            if (seen - looked > Math.Min(seen, (2 * n) - seen) / 256)
            {
                looked = seen;
                double p = (double)(n - a) / n;
                double q = (double)(n - b) / n;
                Consider(best, threshold, true, p, q);
                Consider(best, threshold, false, 1 - p, 1 - q);
            }
            while (a < n && first[a] == threshold)
                a++;
            while (b < n && second[b] == threshold)
                b++;
        }
        return best;
    }

    private void Consider(AuditEvent[] best, double threshold, bool reached, double p, double q)
    {
        int direction = p >= q ? 0 : 1;
        double promise = Math.Log((Wilson(Math.Max(p, q), -1) - _delta) / Wilson(Math.Min(p, q), 1));
        if (promise > best[direction].Promise)
            best[direction] = best[direction] with { Threshold = threshold, Reached = reached, Promise = promise };
    }

    private double Wilson(double p, int sign)
    {
        double width = Math.Sqrt(_squaredWidth * ((p * (1 - p)) + (_squaredWidth / 4)));
        return (p + (_squaredWidth / 2) + (sign * width)) / (1 + _squaredWidth);
    }
}
