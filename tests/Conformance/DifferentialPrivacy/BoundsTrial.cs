using Opaline.DifferentialPrivacy;

namespace Opaline.Conformance.Tests.DifferentialPrivacy;

/// <summary>
/// Approximate bounds: a sample is the pair of bounds, or that none were found. The twins are coins: one falls with a chance of 1/2 for the
/// one data set and of e^(−ε·factor)/2 for the other; another one falls evenly but now and then fails.
/// </summary>
/// <param name="target">What is promised; its distance is the factor of ε.</param>
/// <param name="bounds">The mechanism.</param>
/// <param name="entries">The data set.</param>
/// <param name="neighbour">Its neighbour.</param>
internal sealed class BoundsTrial(DpTarget target, ApproximateBounds bounds, double[] entries, double[] neighbour) : ITrial
{
    private const int Chunk = 1000;

    private readonly long[] _statistic = bounds.Histogram([.. entries.Select(entry => checked((long)entry))]);
    private readonly long[] _neighbour = bounds.Histogram([.. neighbour.Select(entry => checked((long)entry))]);

    public IReadOnlyList<Claim> Claims { get; } =
        [new("the case", true), new("a law beyond ε", false), new("failing too often", false)];

    public bool[] Vote()
    {
        bool accepted = Accepts(Sample(_statistic), Sample(_neighbour));
        Coins coins = new();
        double chance = Math.Exp(-target.Epsilon * target.Distance) * (0.5 - target.Delta);
        bool beyond = Accepts(Law(coins, 0.5, 0), Law(coins, chance, 0));
        bool failing = Accepts(Law(coins, 0.5, 0), Law(coins, 0.5, target.FailureChance));
        return [accepted, beyond, failing];
    }

    private bool Accepts(int[] left, int[] right) =>
        StatisticalTests.VerifiesDp(left, right, target.Samples, target.Epsilon, target.Delta, target.Tolerance);

    // How often each pair of bounds came out; the last count is that of none.
    private int[] Sample(long[] statistic)
    {
        int bins = 2 * bounds.BinsPerSign;
        int edges = bins + 1;
        Dictionary<long, int> edgeNumbers = [];
        for (int i = 0; i < edges; i++)
            edgeNumbers.Add(bounds.Edge(i), i);
        int[] counts = new int[(edges * edges) + 1];
        using Buffers buffers = new(Chunk * bins);
        Span<long> noise = buffers.Empty();
        for (int i = 0; i < target.Samples; i++)
        {
            int at = i % Chunk;
            if (at == 0)
                bounds.Noise.Fill(noise);
            IntegerBounds? found = bounds.Find(statistic, noise.Slice(at * bins, bins));
            counts[found is { } range ? (edgeNumbers[range.Lower] * edges) + edgeNumbers[range.Upper] : ^1]++;
        }
        return counts;
    }

    private int[] Law(Coins coins, double chance, double failure)
    {
        int[] counts = new int[3];
        for (int i = 0; i < target.Samples; i++)
        {
            if (coins.Uniform() < failure)
                counts[2]++;
            else
                counts[coins.Uniform() < chance ? 0 : 1]++;
        }
        return counts;
    }
}
