using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Bounded quantiles: each rank's samples, in equal buckets of the range, must pass. What is too much for one rank depends on the
/// mechanism, so the twins are laws on the buckets that are tight for ε: one bucket, another one for the neighbour, is e^ε times as likely
/// as each of the rest.
/// </summary>
/// <param name="target">What is promised; its distance is the factor of the likely bucket's chance.</param>
/// <param name="tree">The mechanism.</param>
/// <param name="entries">The data set.</param>
/// <param name="neighbour">Its neighbour.</param>
/// <param name="ranks">The quantiles to read from each sample.</param>
/// <param name="buckets">The number of buckets.</param>
internal sealed class QuantilesTrial(
    DpTarget target, QuantileTree tree, double[] entries, double[] neighbour, double[] ranks, int buckets) : ITrial
{
    private const int Chunk = 1000;

    private readonly long[] _statistic = tree.Count(entries);
    private readonly long[] _neighbour = tree.Count(neighbour);

    public IReadOnlyList<Claim> Claims { get; } =
        [new("the case", true), new("a law beyond ε", false), new("failing too often", false)];

    public bool[] Vote()
    {
        int[][] left = Sample(_statistic);
        int[][] right = Sample(_neighbour);
        bool accepted = true;
        for (int i = 0; i < ranks.Length; i++)
            accepted &= Accepts(left[i], right[i]);

        Coins coins = new();
        double chance = Math.Exp(target.Epsilon) / (buckets - 1 + Math.Exp(target.Epsilon));
        bool beyond = Accepts(Law(coins, 0, chance * target.Distance, 0), Law(coins, buckets - 1, chance * target.Distance, 0));
        bool failing = Accepts(Law(coins, 0, chance, 0), Law(coins, 0, chance, target.FailureChance));
        return [accepted, beyond, failing];
    }

    private bool Accepts(int[] left, int[] right) =>
        StatisticalTests.VerifiesDp(left, right, target.Samples, target.Epsilon, target.Delta, target.Tolerance);

    // For each rank how many samples fell into each bucket.
    private int[][] Sample(long[] statistic)
    {
        int[][] counts = [.. ranks.Select(_ => new int[buckets])];
        using Buffers buffers = new(Chunk * tree.Nodes);
        Span<long> noise = buffers.Empty();
        for (int i = 0; i < target.Samples; i++)
        {
            int at = i % Chunk;
            if (at == 0)
                tree.Noise.Fill(noise);
            NoisyQuantiles noisy = tree.Noisy(statistic, noise.Slice(at * tree.Nodes, tree.Nodes));
            for (int rank = 0; rank < ranks.Length; rank++)
                counts[rank][Bucket(noisy.Quantile(ranks[rank]))]++;
        }
        return counts;
    }

    private int Bucket(double value) => Math.Min((int)((value - tree.Lower) / (tree.Upper - tree.Lower) * buckets), buckets - 1);

    // Samples of the law with one likely bucket; the last count is that of failures.
    private int[] Law(Coins coins, int likely, double chance, double failure)
    {
        int[] counts = new int[buckets + 1];
        for (int i = 0; i < target.Samples; i++)
        {
            if (coins.Uniform() < failure)
                counts[buckets]++;
            else if (coins.Uniform() < chance)
                counts[likely]++;
            else
                counts[(likely + 1 + (int)(coins.Uniform() * (buckets - 1))) % buckets]++;
        }
        return counts;
    }
}
