using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// AboveThreshold, the sparse vector technique: says of one query after the other whether it lies above a threshold, and pays for the c
/// that do, however many do not. A query may be chosen after the earlier answers.
/// <list type="bullet">
/// <item>Input domain: a sequence of integer queries of the same data, and a public threshold T.</item>
/// <item>Sensitivity: Δ, the most that one privacy unit changes any one query. Queries are monotone where a unit that is added changes none
/// of them downwards, or none of them upwards: counts are.</item>
/// <item>Privacy loss: pure ε-DP for all answers together, ε = ε1 + ε2, hence ρ-zCDP with ρ = ε²/2; paid once, when the threshold gets its
/// noise.</item>
/// <item>Source: Lyu, Su, Li, Understanding the Sparse Vector Technique for Differential Privacy (PVLDB 10(6), 2017, arXiv 1603.01699),
/// algorithm 7 and theorems 4 and 5, with discrete Laplace noise.</item>
/// </list>
/// One instance serves one private data set once, and stops after c hits. It never shows a noisy value. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Proof. T + Z with Z of scale Δ/ε1 is fixed once; query i is a hit iff qᵢ + Yᵢ ≥ T + Z, Yᵢ of scale 2cΔ/ε2. Take Z = z here and z + Δ on
/// a neighbour, a factor of e^ε1. A miss here, qᵢ + Yᵢ &lt; T + z, then is a miss there, as qᵢ' ≤ qᵢ + Δ. A hit here is one there where Yᵢ
/// is greater by 2Δ: a factor of e^(ε2/c) for each of at most c hits. For monotone queries that only grow, hits need Δ more, not 2Δ; where
/// they only fall, z stays as it is and hits again need Δ: a scale of cΔ/ε2 suffices. All shifts are integers, so the quotients hold for
/// discrete noise as they stand.
/// </remarks>
public sealed class AboveThreshold
{
    private const int Splits = 20;
    private const int SplitGrid = 1024;

    private readonly Lock _gate = new();
    private readonly DiscreteLaplace _thresholdNoise;
    private readonly DiscreteLaplace _queryNoise;
    private readonly BigInteger _noisyThreshold;
    private int _hitsLeft;

    /// <summary>Adds the noise to the threshold; from here on the loss is spent.</summary>
    /// <param name="threshold">T, public.</param>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="hits">c, at least 1: how many queries may turn out above the threshold.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16], and so great that the scales of both noises are at most 2^50.</param>
    /// <param name="monotone">Whether one unit moves all queries the same way.</param>
    /// <param name="thresholdShare">
    /// ε1/ε in (0, 1). Without it ε1 : ε2 is 1 : (2c)^(2/3), or 1 : c^(2/3) for monotone queries, where the noise of a comparison has the
    /// least variance (section 4.2 of the paper).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or a scale is above 2^50.</exception>
    public AboveThreshold(
        long threshold, long sensitivity, int hits, Rational epsilon, bool monotone = false, Rational? thresholdShare = null)
        : this(threshold, sensitivity, hits, epsilon, monotone, thresholdShare, CryptographicBits.OfThread)
    {
    }

    internal AboveThreshold(
        long threshold, long sensitivity, int hits, Rational epsilon, bool monotone, Rational? thresholdShare, IBitSource bits)
    {
        Domain.Positive((BigInteger)sensitivity, nameof(sensitivity));
        Domain.AtLeastOne(hits);
        Domain.Scale(epsilon, ScoreScale.GreatestEpsilonPower);
        Rational share = thresholdShare ?? BestShare(monotone ? hits : 2.0 * hits);
        if (share.Sign <= 0 || share >= 1)
            throw new ArgumentOutOfRangeException(nameof(thresholdShare), thresholdShare, "thresholdShare must be in (0, 1).");
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfPure(epsilon);
        _thresholdNoise = Noise(sensitivity / (share * epsilon), epsilon);
        _queryNoise = Noise((monotone ? 1 : 2) * (BigInteger)hits * sensitivity / ((1 - share) * epsilon), epsilon);
        _hitsLeft = hits;
        _noisyThreshold = threshold + _thresholdNoise.Sample(bits);
    }

    /// <summary>The exact ε of all answers together.</summary>
    public Rational Epsilon { get; }

    /// <summary>What all answers together cost, from the first to the c-th hit: ρ = ε²/2, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The exact scale Δ/ε1 of the threshold's noise.</summary>
    public Rational ThresholdScale => _thresholdNoise.Scale;

    /// <summary>The exact scale 2cΔ/ε2, or cΔ/ε2 for monotone queries, of the noise of each query.</summary>
    public Rational QueryScale => _queryNoise.Scale;

    /// <summary>How many queries may still turn out above the threshold.</summary>
    public int HitsLeft
    {
        get
        {
            lock (_gate)
                return _hitsLeft;
        }
    }

    /// <summary>Whether the query lies above the threshold, as far as noise lets it be said.</summary>
    /// <param name="value">The exact value of the query on the private data.</param>
    /// <exception cref="SparseVectorExhaustedException">All c hits have been reported.</exception>
    public bool IsAbove(long value) => IsAbove(value, CryptographicBits.OfThread);

    /// <summary>
    /// The margin m such that, but for a chance of <paramref name="alpha"/>, each of the answers is right up to it: a query said to be
    /// above is at least T − m, one said not to be is below T + m. Rounded up.
    /// </summary>
    /// <param name="queries">How many queries will be asked at most, at least 1.</param>
    /// <param name="alpha">The chance that some answer is wrong by more, in (0, 1); alpha/queries at least 1e-298.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public long Margin(int queries, double alpha)
    {
        Domain.AtLeastOne(queries);
        Domain.Alpha(alpha);
        // |Z| and every |Yᵢ| stay within their half-widths. Every split of alpha between the two holds, and none depends on a draw: the
        // best is taken.
        long margin = long.MaxValue;
        for (int i = 0; i < Splits; i++)
        {
            double first = alpha * (i + 0.5) / Splits;
            double each = RoundDown.Tighten((alpha - first) / queries);
            margin = Math.Min(margin, checked(_thresholdNoise.HalfWidth(first) + _queryNoise.HalfWidth(each)));
        }
        return margin;
    }

    internal bool IsAbove(long value, IBitSource bits)
    {
        lock (_gate)
        {
            if (_hitsLeft == 0)
                throw new SparseVectorExhaustedException();
            BigInteger noise = _queryNoise.Sample(bits);
            if (noise + value < _noisyThreshold)
                return false;
            _hitsLeft--;
            return true;
        }
    }

    // 1/(1 + w^(2/3)) on a coarse grid: any share is as private as any other, and near the best one all are as good.
    private static Rational BestShare(double w) => 1 / (1 + new Rational((BigInteger)Math.Round(Math.Cbrt(w * w) * SplitGrid), SplitGrid));

    private static DiscreteLaplace Noise(Rational scale, Rational epsilon) =>
        DiscreteLaplace.IfDrawable(scale) ?? throw new ArgumentOutOfRangeException(
            nameof(epsilon), epsilon, "epsilon must be so great that the scales of both noises are at most 2^50.");
}
