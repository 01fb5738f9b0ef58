using Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.Selection;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms.SparseVector;

/// <summary>
/// The law of the answers of AboveThreshold at threshold 0: the sum over the threshold's noise of the product of the answers' chances.
/// </summary>
/// <param name="thresholdScale">The scale of the threshold's noise; 0 for a twin without it.</param>
/// <param name="queryScale">The scale of the queries' noise.</param>
internal sealed class SparseVectorLaw(double thresholdScale, double queryScale)
{
    /// <summary>The chance of the answers, one for each of the first queries.</summary>
    public double Chance(long[] queries, bool[] answers)
    {
        double chance = 0;
        foreach ((long z, double weight) in ThresholdNoise())
        {
            double given = weight;
            for (int i = 0; i < answers.Length; i++)
            {
                double hit = SelectionLaw.LaplaceTail(z - queries[i], queryScale);
                given *= answers[i] ? hit : 1 - hit;
            }
            chance += given;
        }
        return chance;
    }

    /// <summary>The chance of misses and then one hit whose noisy value is released too.</summary>
    public double ChanceOfValue(long[] queries, long value)
    {
        double chance = 0;
        foreach ((long z, double weight) in ThresholdNoise().Where(noise => noise.Z <= value))
        {
            double given = weight * SelectionLaw.LaplacePoint(value - queries[^1], queryScale);
            foreach (long query in queries[..^1])
                given *= 1 - SelectionLaw.LaplaceTail(z - query, queryScale);
            chance += given;
        }
        return chance;
    }

    /// <summary>All answers that end with the last hit or with the last query.</summary>
    public static IEnumerable<bool[]> Answers(int queries, int hits)
    {
        if (queries == 0 || hits == 0)
            return [[]];
        return Answers(queries - 1, hits).Select(rest => (bool[])[false, .. rest])
            .Concat(Answers(queries - 1, hits - 1).Select(rest => (bool[])[true, .. rest]));
    }

    private IEnumerable<(long Z, double Chance)> ThresholdNoise()
    {
        if (thresholdScale == 0)
            return [(0, 1)];
        long reach = (long)(36 * thresholdScale);
        return Enumerable.Range(0, (int)(2 * reach) + 1).Select(i => (i - reach, SelectionLaw.LaplacePoint(i - reach, thresholdScale)));
    }
}
