using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A quantile chosen from public candidates, from no more than how many rows lie below and above each of them: a histogram is enough.
/// <list type="bullet">
/// <item>Input domain: integer values, one a row, in any order, with duplicates, or none; a public, strictly increasing list of
/// candidates.</item>
/// <item>Sensitivity: the score of candidate c for the quantile α = n/d is |(d − n)·#(x &lt; c) − n·#(x &gt; c)|, the less the better. A
/// row more or less changes what is inside by d − n, by −n, or (x = c) not at all, so a unit with at most L rows changes a score by at most
/// Δ = L·max(n, d − n). Scores are monotone only for the quantiles 0 and 1.</item>
/// <item>Privacy loss: a candidate is chosen by the exponential mechanism of scale 2Δ/ε, or Δ/ε for the quantiles 0 and 1: pure ε-DP of
/// bounded range, hence ρ-zCDP with ρ = ε²/8.</item>
/// <item>Source: McSherry and Talwar 2007, theorem 6; the score is that of OpenDP's quantile_score_candidates.</item>
/// </list>
/// </summary>
public sealed class CandidateQuantile
{
    private readonly long[] _candidates;
    private readonly RankScore _score;
    private readonly Rational _scale;

    /// <summary>The quantile at the given loss.</summary>
    /// <param name="candidates">The public candidates, at least one, strictly increasing.</param>
    /// <param name="quantile">α in [0, 1], for example 1/2 for the median.</param>
    /// <param name="rowsPerUnit">L, above 0: the most rows of one privacy unit.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16].</param>
    /// <exception cref="ArgumentException">There is no candidate, or they are not strictly increasing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Another parameter lies outside its range.</exception>
    public CandidateQuantile(ReadOnlySpan<long> candidates, Rational quantile, long rowsPerUnit, Rational epsilon)
    {
        _candidates = candidates.ToArray();
        if (_candidates.Length == 0)
            throw new ArgumentException("candidates must hold at least one candidate.", nameof(candidates));
        for (int i = 1; i < _candidates.Length; i++)
        {
            if (_candidates[i - 1] >= _candidates[i])
                throw new ArgumentException("candidates must be strictly increasing.", nameof(candidates));
        }
        _score = new RankScore(quantile);
        _scale = ScoreScale.For(_score.Sensitivity(rowsPerUnit), epsilon, _score.Monotone);
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfBoundedRange(epsilon);
    }

    /// <summary>The exact ε of pure differential privacy.</summary>
    public Rational Epsilon { get; }

    /// <summary>What one estimate costs: ρ = ε²/8, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>A candidate near the quantile of the values. The time depends on how many values there are: answer on a clock.</summary>
    /// <param name="values">One value for each row, in any order; it may be empty.</param>
    public long Estimate(ReadOnlySpan<long> values)
    {
        RankCounts counts = new(_candidates);
        foreach (long value in values)
            counts.Add(value, 1);
        return Estimate(counts, CryptographicBits.OfThread);
    }

    /// <summary>A candidate near the quantile, from how many rows have each value: the result of a GROUP BY.</summary>
    /// <param name="histogram">Values, in any order and possibly repeated, each with its number of rows, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of rows is negative.</exception>
    public long Estimate(ReadOnlySpan<(long Value, long Rows)> histogram)
    {
        RankCounts counts = new(_candidates);
        foreach ((long value, long rows) in histogram)
        {
            Domain.NotNegative(rows, nameof(histogram));
            counts.Add(value, rows);
        }
        return Estimate(counts, CryptographicBits.OfThread);
    }

    /// <summary>A candidate near the quantile, from how many rows lie strictly below and strictly above each candidate.</summary>
    /// <param name="below">The number of rows below each candidate, at least 0.</param>
    /// <param name="above">The number of rows above each candidate, at least 0.</param>
    /// <exception cref="ArgumentException">There is not one number for each candidate.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of rows is negative.</exception>
    public long Estimate(ReadOnlySpan<long> below, ReadOnlySpan<long> above)
    {
        RequireOneEach(below, nameof(below));
        RequireOneEach(above, nameof(above));
        (Int128, Int128)[] around = new (Int128, Int128)[_candidates.Length];
        for (int i = 0; i < around.Length; i++)
            around[i] = (below[i], above[i]);
        return Choose(Scores(around), CryptographicBits.OfThread);
    }

    /// <summary>
    /// How far the score of the chosen candidate lies above the best one, at most, but for a chance of <paramref name="alpha"/>; rounded
    /// up.
    /// </summary>
    /// <param name="alpha">The chance that the gap is wider, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha lies outside its range.</exception>
    public BigInteger ScoreGap(double alpha) => ScoreScale.Gap(_scale, _candidates.Length, alpha);

    /// <summary>
    /// A bound of the rank error that the noise adds, in rows, but for a chance of <paramref name="alpha"/>; rounded up. The distance from
    /// α·N to the ranks that the chosen candidate takes is at most this plus 1/d of the score of the best candidate, which the grid
    /// decides.
    /// </summary>
    /// <param name="alpha">The chance that the error is greater, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">alpha lies outside its range.</exception>
    public Rational RankErrorBeyondBest(double alpha) => new(ScoreGap(alpha), _score.Denominator);

    internal long Estimate(RankCounts counts, IBitSource bits) => Choose(Scores(counts.AroundEach()), bits);

    internal BigInteger[] Scores((Int128 Below, Int128 Above)[] around) =>
        [.. around.Select(rows => _score.Imbalance(rows.Below, rows.Above))];

    private long Choose(BigInteger[] scores, IBitSource bits)
    {
        (BigInteger, BigInteger)[] weights = [.. scores.Select(score => (BigInteger.One, score * _scale.Denominator))];
        return _candidates[WeightedChoice.Draw(bits, weights, _scale.Numerator)];
    }

    private void RequireOneEach(ReadOnlySpan<long> rows, string name)
    {
        if (rows.Length != _candidates.Length)
            throw new ArgumentException($"{name} must hold one number of rows for each candidate.", name);
        foreach (long count in rows)
            Domain.NotNegative(count, name);
    }
}
