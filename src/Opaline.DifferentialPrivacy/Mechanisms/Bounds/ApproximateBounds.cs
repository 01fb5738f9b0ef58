using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Bounds within which most values lie, to within a factor of two, from a noisy histogram of their magnitudes: for each sign the bins [0,
/// 1], (1, 2], (2, 4], (4, 8], … Bins whose noisy number of rows stands out from noise alone are kept, and the bounds are the outermost
/// edges of those.
/// <list type="bullet">
/// <item>Input domain: integers, such as values rounded to a public grid. What lies beyond the last bin counts in it.</item>
/// <item>Sensitivity: a row is in one bin. A unit has at most R rows in all, perhaps all in one bin: Δ1 = Δ2 = R.</item>
/// <item>Privacy loss: that of the noise at this sensitivity. Thresholds, and trying lower ones, are post-processing of the noisy
/// histogram.</item>
/// <item>Source: Wilson, Zhang, Lam, Desfontaines, Simmons-Marengo, Gipson, Differentially Private SQL with Bounded User Contribution
/// (PoPETs 2020, arXiv 1909.01917), with the exact tail of the noise in place of its formula.</item>
/// </list>
/// A threshold K is such that all bins but one, were they empty, stay below K with chance p: P(X ≥ K) ≤ 1 − p^(1/(B − 1)) for B bins. It
/// begins with 1 − p = 1e-9; while no bin reaches K, 1 − p is doubled, up to 1/(2B).
/// </summary>
public sealed class ApproximateBounds
{
    private const double LeastFailure = 1e-9;

    private readonly AdditiveNoise _noise;
    private readonly long[] _thresholds;

    /// <summary>A search with the given noise.</summary>
    /// <param name="binsPerSign">The bins of each sign, from 1 to 63: magnitudes up to 2^(bins − 1) are told apart.</param>
    /// <param name="maxRowsPerUnit">The most rows that one privacy unit has in the histogram, in all groups together, at least 1.</param>
    /// <param name="noise"><see cref="DiscreteLaplace"/> or <see cref="DiscreteGaussian"/> noise, in rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="ArgumentException">The noise is of another kind, or so narrow that the loss is above 9.2·10^9 ρ.</exception>
    public ApproximateBounds(int binsPerSign, int maxRowsPerUnit, IDiscreteNoise noise)
    {
        if (binsPerSign is < 1 or > 63)
            throw new ArgumentOutOfRangeException(nameof(binsPerSign), binsPerSign, "binsPerSign must be in [1, 63].");
        Domain.AtLeastOne(maxRowsPerUnit);
        BinsPerSign = binsPerSign;
        BigInteger rows = maxRowsPerUnit;
        _noise = AdditiveNoise.Of(noise, rows, rows * rows);
        _thresholds = Thresholds(noise, 2 * binsPerSign);
    }

    /// <summary>The bins of each sign.</summary>
    public int BinsPerSign { get; }

    /// <summary>The noise of each bin, in rows.</summary>
    public IDiscreteNoise Noise => _noise.Law;

    /// <summary>The loss of one search; finding nothing costs the same.</summary>
    public PrivacyLoss Loss => _noise.Loss;

    /// <summary>The pure ε of the search, or null with Gaussian noise.</summary>
    public Rational? Epsilon => _noise.Epsilon;

    /// <summary>The thresholds that are tried one after the other, falling; a preview of how many rows a bin needs.</summary>
    internal ReadOnlySpan<long> TriedThresholds => _thresholds;

    /// <summary>A search with Laplace noise that is purely <paramref name="epsilon"/>-differentially private.</summary>
    /// <param name="binsPerSign">The bins of each sign, from 1 to 63.</param>
    /// <param name="maxRowsPerUnit">The most rows that one privacy unit has in the histogram, in all groups together, at least 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static ApproximateBounds ForPure(int binsPerSign, int maxRowsPerUnit, Rational epsilon)
    {
        Domain.AtLeastOne(maxRowsPerUnit);
        return new ApproximateBounds(binsPerSign, maxRowsPerUnit, DiscreteLaplace.ForPure(maxRowsPerUnit, epsilon));
    }

    /// <summary>A search with Gaussian noise whose loss is <paramref name="rho"/>.</summary>
    /// <param name="binsPerSign">The bins of each sign, from 1 to 63.</param>
    /// <param name="maxRowsPerUnit">The most rows that one privacy unit has in the histogram, in all groups together, at least 1.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static ApproximateBounds For(int binsPerSign, int maxRowsPerUnit, NanoRho rho)
    {
        Domain.AtLeastOne(maxRowsPerUnit);
        DiscreteGaussian noise = DiscreteGaussian.For(BigInteger.Pow(maxRowsPerUnit, 2), rho);
        return new ApproximateBounds(binsPerSign, maxRowsPerUnit, noise);
    }

    /// <summary>
    /// Bounds of the values, or null where no bin stands out: there are too few rows for the loss. Each call costs <see cref="Loss"/>.
    /// </summary>
    /// <param name="values">The values of the rows on their grid.</param>
    public IntegerBounds? Release(ReadOnlySpan<long> values) => Release(values, CryptographicBits.OfThread);

    internal IntegerBounds? Release(ReadOnlySpan<long> values, IBitSource bits)
    {
        Span<long> noise = stackalloc long[2 * BinsPerSign];
        _noise.Fill(noise, bits); // before the values are read: its time tells of the noise
        return Find(Histogram(values), noise);
    }

    /// <summary>The rows of each bin, from the most negative to the most positive.</summary>
    internal long[] Histogram(ReadOnlySpan<long> values)
    {
        long[] rows = new long[2 * BinsPerSign];
        foreach (long value in values)
        {
            UInt128 magnitude = (UInt128)Int128.Abs(value);
            int bin = magnitude <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount((ulong)(magnitude - 1));
            bin = Math.Min(bin, BinsPerSign - 1);
            rows[value < 0 ? BinsPerSign - 1 - bin : BinsPerSign + bin]++;
        }
        return rows;
    }

    /// <summary>The least value of each bin on the integers, but for the first, which has no end: …, −2, −1, 0, 2, 3, 5, 9, …</summary>
    public IReadOnlyList<long> BinStarts =>
        [.. Enumerable.Range(1, (2 * BinsPerSign) - 1).Select(bin => bin <= BinsPerSign ? Edge(bin) : Edge(bin) + 1)];

    /// <summary>
    /// Bounds from bins that were counted, and got the <see cref="Noise"/>, elsewhere: post-processing, which costs nothing. Null where no bin
    /// stands out.
    /// </summary>
    /// <param name="noisyRows">The noisy rows of each bin, from the most negative to the most positive.</param>
    /// <exception cref="ArgumentException">There is not one number for each bin.</exception>
    public IntegerBounds? Find(ReadOnlySpan<long> noisyRows)
    {
        if (noisyRows.Length != 2 * BinsPerSign)
            throw new ArgumentException("noisyRows must have one number for each bin.", nameof(noisyRows));
        return Find(noisyRows, stackalloc long[2 * BinsPerSign]);
    }

    /// <summary>The outermost edges of the bins that reach the first threshold that any bin reaches.</summary>
    internal IntegerBounds? Find(ReadOnlySpan<long> rows, ReadOnlySpan<long> noise)
    {
        foreach (long threshold in _thresholds)
        {
            int first = -1;
            int last = -1;
            for (int i = 0; i < rows.Length; i++)
            {
                if ((Int128)rows[i] + noise[i] < threshold)
                    continue;
                if (first < 0)
                    first = i;
                last = i;
            }
            if (first >= 0)
                return new IntegerBounds(Edge(first), Edge(last + 1));
        }
        return null;
    }

    // The edge to the left of a bin: …, −2, −1, 0, 1, 2, 4, …
    internal long Edge(int bin) => bin switch
    {
        _ when bin < BinsPerSign => -(1L << (BinsPerSign - 1 - bin)),
        _ when bin > BinsPerSign => 1L << (bin - BinsPerSign - 1),
        _ => 0,
    };

    private static long[] Thresholds(IDiscreteNoise noise, int bins)
    {
        List<long> thresholds = [];
        for (double failure = LeastFailure; failure <= 0.5 / bins; failure *= 2)
        {
            double ofOne = -NearOne.ExpMinusOne(NearOne.LogOnePlus(-failure) / (bins - 1));
            long threshold = TailSearch.Least(1, t => noise.UpperTail(t) <= ofOne);
            if (thresholds.Count == 0 || threshold < thresholds[^1])
                thresholds.Add(threshold);
        }
        return [.. thresholds];
    }
}
