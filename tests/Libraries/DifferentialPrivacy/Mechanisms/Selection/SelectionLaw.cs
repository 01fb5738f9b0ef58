namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

/// <summary>The laws of the selection mechanisms from their definitions: by enumeration and by sums, in doubles.</summary>
internal static class SelectionLaw
{
    public static double[] Exponential(long[] scores, double scale) =>
        Categorical.Normalized([.. scores.Select(q => Math.Exp((q - scores.Max()) / scale))]);

    /// <summary>The mean over all orders of the chance that a candidate is the first whose coin succeeds.</summary>
    public static double[] PermuteAndFlip(long[] scores, double scale)
    {
        double[] coin = [.. scores.Select(q => Math.Exp((q - scores.Max()) / scale))];
        double[] law = new double[scores.Length];
        int orders = 0;
        foreach (int[] order in Orders([.. Enumerable.Range(0, scores.Length)]))
        {
            orders++;
            double reached = 1;
            foreach (int i in order)
            {
                law[i] += reached * coin[i];
                reached *= 1 - coin[i];
            }
        }
        return [.. law.Select(p => p / orders)];
    }

    /// <summary>The chance that a candidate has the greatest noisy score, or shares it with later ones only.</summary>
    public static double[] NoisyMax(long[] scores, double scale)
    {
        double[] law = new double[scores.Length];
        for (int i = 0; i < law.Length; i++)
            law[i] = NoisyMaxAndValue(scores, scale, i).Sum();
        return law;
    }

    /// <summary>
    /// The same for each value of the winner's noisy score, from far below to far above: what a release of both would tell.
    /// </summary>
    public static IEnumerable<double> NoisyMaxAndValue(long[] scores, double scale, int i)
    {
        long reach = (long)(36 * scale) + scores.Max() - scores.Min();
        for (long value = -reach; value <= reach; value++)
        {
            double chance = LaplacePoint(value - scores[i], scale);
            for (int j = 0; j < scores.Length; j++)
            {
                if (j != i)
                    chance *= 1 - LaplaceTail(value - scores[j] + (j < i ? 0 : 1), scale);
            }
            yield return chance;
        }
    }

    public static double LaplacePoint(long x, double scale) => Math.Tanh(1 / (2 * scale)) * Math.Exp(-Math.Abs(x) / scale);

    /// <summary>P(X ≥ t).</summary>
    public static double LaplaceTail(long t, double scale)
    {
        double a = Math.Exp(-1 / scale);
        return t >= 1 ? Math.Exp(-t / scale) / (1 + a) : 1 - (Math.Exp((t - 1) / scale) / (1 + a));
    }

    /// <summary>All pairs of score vectors that one unit of sensitivity 1 may tell apart.</summary>
    public static IEnumerable<(long[] Scores, long[] Neighbour)> Neighbours(int length, int values, bool monotone)
    {
        foreach (long[] scores in Vectors(length, 0, values - 1))
        {
            foreach (long[] change in Vectors(length, monotone ? 0 : -1, 1))
                yield return (scores, [.. scores.Zip(change, (q, c) => q + c)]);
        }
    }

    public static IEnumerable<long[]> Vectors(int length, int least, int greatest)
    {
        int values = greatest - least + 1;
        for (int code = 0; code < Math.Pow(values, length); code++)
        {
            long[] vector = new long[length];
            for (int i = 0, rest = code; i < length; i++, rest /= values)
                vector[i] = least + (rest % values);
            yield return vector;
        }
    }

    private static IEnumerable<int[]> Orders(int[] rest)
    {
        if (rest.Length == 0)
            return [[]];
        return rest.SelectMany(first => Orders([.. rest.Where(i => i != first)]).Select(tail => (int[])[first, .. tail]));
    }
}
