using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A quantile among all integers of a public range: the exponential mechanism over each of them. Integers with the same rank form an
/// interval, which is chosen with a chance proportional to width·e^(−score/s), then one of its integers uniformly; so a range of 2^64 costs
/// no more than the data.
/// <list type="bullet">
/// <item>Input domain: integer values, one a row, in any order, with duplicates, or none; those outside the range count as at its nearer
/// end.</item>
/// <item>Sensitivity: the score of r for the quantile α = n/d is d times the distance from α·N to the ranks [#(x &lt; r), #(x ≤ r)], the
/// less the better: max(0, (d − n)·#(x &lt; r) − n·#(x ≥ r), n·#(x &gt; r) − (d − n)·#(x ≤ r)). A row more or less changes the second term
/// by d − n or n, the third by n or d − n, hence their maximum by at most max(n, d − n), and a unit with at most L rows changes it by at
/// most Δ = L·max(n, d − n). Clamping moves rows, it does not add any.</item>
/// <item>Privacy loss: the exponential mechanism of scale s = 2Δ/ε, or Δ/ε for the quantiles 0 and 1, whose scores are monotone: pure ε-DP
/// of bounded range, hence ρ-zCDP with ρ = ε²/8.</item>
/// <item>Source: Smith, Privacy-preserving Statistical Estimation with Optimal Convergence Rates (STOC 2011), algorithm 2, for distinct
/// values: between two of them the score is d·|i − α·N|. Values that occur are intervals of width 1 here, so that one shared by many rows
/// can be chosen.</item>
/// </list>
/// </summary>
public sealed class IntervalQuantile
{
    private readonly long _lower;
    private readonly long _upper;
    private readonly RankScore _score;
    private readonly Rational _scale;

    /// <summary>The quantile at the given loss.</summary>
    /// <param name="lower">The public lower end of the range.</param>
    /// <param name="upper">The public upper end of the range, included, at least the lower one.</param>
    /// <param name="quantile">α in [0, 1], for example 1/2 for the median.</param>
    /// <param name="rowsPerUnit">L, above 0: the most rows of one privacy unit.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public IntervalQuantile(long lower, long upper, Rational quantile, long rowsPerUnit, Rational epsilon)
    {
        if (upper < lower)
            throw new ArgumentOutOfRangeException(nameof(upper), upper, "upper must be at least lower.");
        (_lower, _upper) = (lower, upper);
        _score = new RankScore(quantile);
        _scale = ScoreScale.For(_score.Sensitivity(rowsPerUnit), epsilon, _score.Monotone);
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfBoundedRange(epsilon);
    }

    /// <summary>The exact ε of pure differential privacy.</summary>
    public Rational Epsilon { get; }

    /// <summary>What one estimate costs: ρ = ε²/8, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>
    /// An integer of the range near the quantile of the values. The time depends on how many values there are: answer on a clock.
    /// </summary>
    /// <param name="values">One value for each row, in any order; it may be empty.</param>
    public long Estimate(ReadOnlySpan<long> values) => Estimate(Rows(values), CryptographicBits.OfThread);

    /// <summary>An integer of the range near the quantile, from how many rows have each value: the result of a GROUP BY.</summary>
    /// <param name="histogram">Values, in any order and possibly repeated, each with its number of rows, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of rows is negative.</exception>
    public long Estimate(ReadOnlySpan<(long Value, long Rows)> histogram)
    {
        foreach ((_, long rows) in histogram)
            Domain.NotNegative(rows, nameof(histogram));
        return Estimate(histogram.ToArray(), CryptographicBits.OfThread);
    }

    /// <summary>
    /// A bound of the rank error, in rows, but for a chance of <paramref name="alpha"/>, whatever the values; rounded up: the distance from
    /// α·N to the ranks [#(x &lt; r), #(x ≤ r)] that the estimate r takes among the N clamped values. Some integer of the range always has
    /// the rank α·N itself.
    /// </summary>
    /// <param name="alpha">The chance that the error is greater, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha lies outside its range.</exception>
    public Rational RankError(double alpha) => new(ScoreScale.Gap(_scale, (BigInteger)_upper - _lower + 1, alpha), _score.Denominator);

    internal static (long Value, long Rows)[] Rows(ReadOnlySpan<long> values)
    {
        (long, long)[] rows = new (long, long)[values.Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (values[i], 1);
        return rows;
    }

    internal long Estimate((long Value, long Rows)[] histogram, IBitSource bits)
    {
        List<(Int128 From, Int128 Width, BigInteger Score)> intervals = Intervals(histogram);
        (BigInteger, BigInteger)[] weights =
            [.. intervals.Select(interval => ((BigInteger)interval.Width, interval.Score * _scale.Denominator))];
        (Int128 from, Int128 width, _) = intervals[WeightedChoice.Draw(bits, weights, _scale.Numerator)];
        return (long)(from + (Int128)Uniform.Below(bits, (BigInteger)width));
    }

    // The range, cut into the values that occur and what lies between them, which may be empty. Widths and sums of rows fit 128 bits.
    private List<(Int128 From, Int128 Width, BigInteger Score)> Intervals((long Value, long Rows)[] histogram)
    {
        Int128 above = 0;
        for (int i = 0; i < histogram.Length; i++)
        {
            histogram[i].Value = Math.Clamp(histogram[i].Value, _lower, _upper);
            above += histogram[i].Rows;
        }
        Array.Sort(histogram, (left, right) => left.Value.CompareTo(right.Value));
        List<(Int128, Int128, BigInteger)> intervals = [];
        Int128 next = _lower;
        Int128 below = 0;
        for (int i = 0; i < histogram.Length;)
        {
            long value = histogram[i].Value;
            Int128 at = 0;
            for (; i < histogram.Length && histogram[i].Value == value; i++)
                at += histogram[i].Rows;
            intervals.Add((next, value - next, _score.Distance(below, 0, above)));
            above -= at;
            intervals.Add((value, 1, _score.Distance(below, at, above)));
            below += at;
            next = (Int128)value + 1;
        }
        intervals.Add((next, _upper + Int128.One - next, _score.Distance(below, 0, above)));
        return intervals;
    }
}
