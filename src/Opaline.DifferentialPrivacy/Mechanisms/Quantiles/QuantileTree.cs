using System.Collections.Concurrent;
using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Any number of quantiles for one spend, from a tree of noisy counts: the leaves are equal parts of the range of the values, and each node
/// counts the rows in its leaves.
/// <list type="bullet">
/// <item>Input domain: the values of the rows of one group, at most the <see cref="ContributionBounds"/> from each privacy unit. Values
/// beyond the range count in its outermost leaf.</item>
/// <item>Sensitivity: a row is in one node of each of the h levels below the root. With l0 groups and R rows a group a unit changes
/// l0·h nodes by at most R each: Δ1 = l0·h·R and Δ2² = l0·h·R².</item>
/// <item>Privacy loss: that of the noise at this sensitivity. Every quantile is post-processing of the noisy tree.</item>
/// <item>Source: Google's quantile tree (google/differential-privacy, bounded quantiles); Smith, Privacy-preserving Statistical Estimation
/// with Optimal Convergence Rates (STOC 2011), for quantiles of noisy counts.</item>
/// </list>
/// </summary>
public sealed class QuantileTree
{
    /// <summary>The children of a node where nothing else is asked for.</summary>
    public const int DefaultBranching = 16;

    /// <summary>The levels below the root where nothing else is asked for.</summary>
    public const int DefaultHeight = 4;

    private const int MostLeaves = 1 << 20;

    // 1/128 is above NoisyQuantiles.LeastShare: of the children of a node that is not empty, one is always kept.
    private const int MostChildren = 128;

    private readonly AdditiveNoise _noise;
    private readonly ConcurrentDictionary<(int Nodes, double Confidence), double> _reaches = [];

    /// <summary>A tree with the given noise.</summary>
    /// <param name="lower">The lower end of the range, public.</param>
    /// <param name="upper">The upper end of the range, public, above the lower one.</param>
    /// <param name="branching">The children of a node, from 2 to 128.</param>
    /// <param name="height">The levels below the root, at least 1, so that there are at most 2^20 leaves.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="noise"><see cref="DiscreteLaplace"/> or <see cref="DiscreteGaussian"/> noise of each node, in rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    /// <exception cref="ArgumentException">The noise is of another kind, or so narrow that the loss is above 9.2·10^9 ρ.</exception>
    public QuantileTree(double lower, double upper, int branching, int height, ContributionBounds bounds, IDiscreteNoise noise)
    {
        Domain.Finite(lower);
        if (!(upper > lower) || !double.IsFinite(upper - lower))
            throw new ArgumentOutOfRangeException(nameof(upper), upper, "upper must be above lower, and upper - lower a finite number.");
        if (branching is < 2 or > MostChildren)
            throw new ArgumentOutOfRangeException(nameof(branching), branching, "branching must be in [2, 128].");
        ArgumentNullException.ThrowIfNull(bounds);
        Lower = lower;
        Upper = upper;
        Branching = branching;
        Height = height;
        Leaves = LeavesOf(branching, height);
        Nodes = (Leaves - 1) / (branching - 1) * branching;
        _noise = AdditiveNoise.Of(noise, bounds.L1(height), bounds.SquaredL2(1) * height);
    }

    /// <summary>The lower end of the range.</summary>
    public double Lower { get; }

    /// <summary>The upper end of the range.</summary>
    public double Upper { get; }

    /// <summary>The children of a node.</summary>
    public int Branching { get; }

    /// <summary>The levels below the root.</summary>
    public int Height { get; }

    /// <summary>The noise of each node, in rows.</summary>
    public IDiscreteNoise Noise => _noise.Law;

    /// <summary>The loss of one release over all groups of a unit, however many quantiles are read from it.</summary>
    public PrivacyLoss Loss => _noise.Loss;

    /// <summary>The pure ε of the release, or null with Gaussian noise.</summary>
    public Rational? Epsilon => _noise.Epsilon;

    /// <summary>The leaves: branching^height.</summary>
    public int Leaves { get; }

    /// <summary>The nodes without the root.</summary>
    public int Nodes { get; }

    /// <summary>A tree with Laplace noise that is purely <paramref name="epsilon"/>-differentially private.</summary>
    /// <param name="lower">The lower end of the range, public.</param>
    /// <param name="upper">The upper end of the range, public, above the lower one.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="branching">The children of a node, from 2 to 128.</param>
    /// <param name="height">The levels below the root, at least 1, so that there are at most 2^20 leaves.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static QuantileTree ForPure(
        double lower,
        double upper,
        ContributionBounds bounds,
        Rational epsilon,
        int branching = DefaultBranching,
        int height = DefaultHeight)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        LeavesOf(branching, height);
        DiscreteLaplace noise = DiscreteLaplace.ForPure(bounds.L1(height), epsilon);
        return new QuantileTree(lower, upper, branching, height, bounds, noise);
    }

    /// <summary>A tree with Gaussian noise whose loss is <paramref name="rho"/>.</summary>
    /// <param name="lower">The lower end of the range, public.</param>
    /// <param name="upper">The upper end of the range, public, above the lower one.</param>
    /// <param name="bounds">The most that a privacy unit contributes, public.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <param name="branching">The children of a node, from 2 to 128.</param>
    /// <param name="height">The levels below the root, at least 1, so that there are at most 2^20 leaves.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static QuantileTree For(
        double lower,
        double upper,
        ContributionBounds bounds,
        NanoRho rho,
        int branching = DefaultBranching,
        int height = DefaultHeight)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        LeavesOf(branching, height);
        DiscreteGaussian noise = DiscreteGaussian.For(bounds.SquaredL2(1) * height, rho);
        return new QuantileTree(lower, upper, branching, height, bounds, noise);
    }

    /// <summary>
    /// One noisy tree of the rows of a group. Every call draws new noise and costs <see cref="Loss"/>; an empty group costs the same.
    /// </summary>
    /// <param name="values">The values of the rows. Not a number counts as the lower end of the range.</param>
    public NoisyQuantiles Release(ReadOnlySpan<double> values) => Release(values, CryptographicBits.OfThread);

    /// <summary>
    /// The quantiles of a tree that was counted, and got the <see cref="Noise"/> of every node, elsewhere: post-processing, which costs nothing.
    /// </summary>
    /// <param name="noisyRows">
    /// The noisy rows of each of the <see cref="Nodes"/> without the root, level by level; node i has the children i·b + 1 … i·b + b, the root
    /// being 0 and left out.
    /// </param>
    /// <exception cref="ArgumentException">There is not one number for each node.</exception>
    public NoisyQuantiles Read(ReadOnlySpan<long> noisyRows)
    {
        if (noisyRows.Length != Nodes)
            throw new ArgumentException("noisyRows must have one number for each node without the root.", nameof(noisyRows));
        double[] rows = new double[Nodes];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = noisyRows[i];
        return new NoisyQuantiles(this, rows);
    }

    /// <summary>Prepares what intervals of this confidence need, which takes a while and depends on no data.</summary>
    /// <param name="confidence">In (0, 1 − 1e-10], for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside its range.</exception>
    public void PrepareIntervals(double confidence)
    {
        double each = NoisyQuantiles.ConfidenceOfOne(confidence, Height);
        for (int nodes = 1; nodes <= Branching * Height; nodes++)
            Reach(nodes, each);
    }

    /// <summary>How far the noise of so many nodes together reaches.</summary>
    internal double Reach(int nodes, double confidence) => _reaches.GetOrAdd(
        (nodes, confidence),
        key => new SumAccuracy([.. Enumerable.Repeat((Noise, BigInteger.One), key.Nodes)], key.Confidence).Interval(BigInteger.Zero).High);

    internal NoisyQuantiles Release(ReadOnlySpan<double> values, IBitSource bits)
    {
        long[] noise = new long[Nodes];
        _noise.Fill(noise, bits); // of every node, and before the values are read: neither time nor number of draws tells of them
        return Noisy(Count(values), noise);
    }

    /// <summary>
    /// The rows of each node without the root, level by level; node i has the children i·b + 1 … i·b + b, the root being 0 and left out.
    /// </summary>
    internal long[] Count(ReadOnlySpan<double> values)
    {
        long[] rows = new long[Nodes];
        int firstLeaf = Nodes - Leaves;
        foreach (double value in values)
            rows[firstLeaf + Leaf(value)]++;
        for (int node = Nodes; node > Branching; node--)
            rows[((node - 1) / Branching) - 1] += rows[node - 1];
        return rows;
    }

    /// <summary>The noisy tree. A sum of two 64-bit integers is exact; only then is it rounded to a double.</summary>
    internal NoisyQuantiles Noisy(ReadOnlySpan<long> rows, ReadOnlySpan<long> noise)
    {
        double[] noisy = new double[rows.Length];
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] = (double)((Int128)rows[i] + noise[i]);
        return new NoisyQuantiles(this, noisy);
    }

    private int Leaf(double value)
    {
        double scaled = (value - Lower) / (Upper - Lower) * Leaves;
        if (scaled >= Leaves)
            return Leaves - 1;
        return scaled > 0 ? (int)scaled : 0; // NaN compares with nothing
    }

    private static int LeavesOf(int branching, int height)
    {
        if (height is < 1 or > 20 || Math.Pow(branching, height) > MostLeaves)
            throw new ArgumentOutOfRangeException(nameof(height), height, "height must be at least 1, and branching^height at most 2^20.");
        return (int)Math.Pow(branching, height);
    }
}
