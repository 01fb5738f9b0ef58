namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A black-box audit: runs a mechanism on two neighbouring inputs and finds a lower bound on its ε that holds with a stated confidence,
/// whatever the mechanism is. A bound above the claimed ε refutes the claim; a bound below proves nothing.
/// </summary>
/// <remarks>
/// Three samples are drawn on each input. From the first, scores are learned: single outputs, exact outputs and float forms in histograms,
/// and a logistic regression on all features (in the manner of DP-Sniper: Bichsel, Steffen, Bogunovic, Vechev, S&amp;P 2021). On the
/// second, the few most promising events {score ≥ t} or {score &lt; t} are chosen. On the third, their chances p and q are bounded by
/// Clopper and Pearson. The third sample is independent of the events, so each bound errs with at most its share of 1 − confidence: half
/// for p and half for q of each event, and by the union bound all hold together. Then (ε, δ)-differential privacy, p ≤ e^ε·q + δ, fails for
/// every ε below the greatest ln((p_low − δ)/q_high). What was learned may be bad, but not wrong: it decides which events are tried, not
/// what is said of them. Where DP-Sniper draws a coin at the threshold to reach a size given beforehand, the size is chosen here, and no
/// coin is needed.
/// </remarks>
public static class PrivacyAudit
{
    private const int TriedEvents = 4;

    /// <summary>
    /// A lower bound on the ε of a mechanism, from both directions: the first input as the likelier one of an event, and the second.
    /// </summary>
    /// <param name="mechanism">The mechanism. Its runs must be independent of each other: the confidence rests on that.</param>
    /// <param name="first">An input.</param>
    /// <param name="second">A neighbour of it: one privacy unit is the difference.</param>
    /// <param name="options">The width of an output, the numbers of runs and the confidence.</param>
    /// <param name="cancellationToken">Breaks the audit off between batches.</param>
    /// <exception cref="AggregateException">The mechanism threw.</exception>
    /// <exception cref="OperationCanceledException">The audit was broken off.</exception>
    public static AuditResult LowerBound<TInput>(
        AuditedMechanism<TInput> mechanism,
        TInput first,
        TInput second,
        AuditOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mechanism);
        ArgumentNullException.ThrowIfNull(options);
        AuditRuns<TInput> runs = new(mechanism, options, cancellationToken);
        double alpha = RoundDown.Subtract(1, options.Confidence) / (2 * TriedEvents);

        int training = options.TrainingRuns;
        IEventScore[] scores = Learn(options.Width, runs.Draw(first, training), runs.Draw(second, training));
        EventChoice choice = new(options.Delta, alpha, options.FinalRuns, training);
        AuditEvent[] events = Choose(choice, scores, runs.Draw(first, training), runs.Draw(second, training), options);

        long[] hitsOfFirst = runs.Count(first, options.FinalRuns, events);
        long[] hitsOfSecond = runs.Count(second, options.FinalRuns, events);
        int best = 0;
        double greatest = double.NegativeInfinity;
        for (int i = 0; i < events.Length; i++)
        {
            (long likelier, long other) = events[i].FirstIsLikelier ? (hitsOfFirst[i], hitsOfSecond[i]) : (hitsOfSecond[i], hitsOfFirst[i]);
            double bound = Bound(likelier, other, options, alpha);
            if (bound > greatest)
                (best, greatest) = (i, bound);
        }
        return new AuditResult(
            Math.Max(0, greatest), options.Delta, options.Confidence, events[best].ToString(), events[best].FirstIsLikelier,
            options.FinalRuns, hitsOfFirst[best], hitsOfSecond[best]);
    }

    private static IEventScore[] Learn(int width, double[] first, double[] second)
    {
        List<IEventScore?> scores = [LogisticScore.Learn(width, first, second), CellScore.OfOutputs(width, first, second)];
        for (int i = 0; i < width; i++)
        {
            scores.Add(new OutputScore(width, i));
            scores.Add(CellScore.OfFloatForm(width, i, first, second));
        }
        return [.. scores.OfType<IEventScore>()];
    }

    private static AuditEvent[] Choose(EventChoice choice, IEventScore[] scores, double[] first, double[] second, AuditOptions options)
    {
        AuditEvent[][] events = new AuditEvent[scores.Length][];
        Parallel.For(0, scores.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, i =>
        {
            double[] ofFirst = new double[options.TrainingRuns];
            double[] ofSecond = new double[options.TrainingRuns];
            scores[i].Evaluate(first, ofFirst);
            scores[i].Evaluate(second, ofSecond);
            events[i] = choice.Best(scores[i], ofFirst, ofSecond);
        });
        return [.. events.SelectMany(pair => pair).OrderByDescending(candidate => candidate.Promise).Take(TriedEvents)];
    }

    private static double Bound(long likelier, long other, AuditOptions options, double alpha)
    {
        double p = RoundDown.Subtract(ClopperPearson.Lower(likelier, options.FinalRuns, alpha), options.Delta);
        double q = ClopperPearson.Upper(other, options.FinalRuns, alpha);
        // The quotient and the logarithm each err by less than 2^-51.
        return p <= 0 ? 0 : Math.Log(p / q * (1 - RoundUp.Slack)) - RoundUp.Slack;
    }
}
