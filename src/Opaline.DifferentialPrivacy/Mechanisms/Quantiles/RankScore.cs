using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// How far a value is from the α-quantile, α = n/d, in units of 1/d of a row, from the numbers of rows below, at and above it. One row more
/// changes each score by at most max(n, d − n).
/// </summary>
internal readonly struct RankScore
{
    private readonly BigInteger _n;
    private readonly BigInteger _rest;

    public RankScore(Rational quantile)
    {
        if (quantile.Sign < 0 || quantile > 1)
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "quantile must be in [0, 1].");
        _n = quantile.Numerator;
        _rest = quantile.Denominator - _n;
    }

    /// <summary>d.</summary>
    public BigInteger Denominator => _n + _rest;

    /// <summary>Whether a row more never lowers a score: for the least and the greatest value, whose scores are plain counts.</summary>
    public bool Monotone => _n.IsZero || _rest.IsZero;

    /// <summary>The sensitivity for a unit of so many rows: each of them changes a score by at most max(n, d − n).</summary>
    public BigInteger Sensitivity(long rowsPerUnit)
    {
        Domain.Positive((BigInteger)rowsPerUnit, nameof(rowsPerUnit));
        return rowsPerUnit * BigInteger.Max(_n, _rest);
    }

    /// <summary>
    /// |(d − n)·below − n·above|. A row more below adds d − n to the difference, one above takes n, one at the value changes nothing.
    /// </summary>
    public BigInteger Imbalance(Int128 below, Int128 above) => BigInteger.Abs((_rest * below) - (_n * above));

    /// <summary>
    /// d times the distance from α·N to the ranks that the value takes, [below, below + at], N = below + at + above: the greatest of 0,
    /// (d − n)·below − n·(at + above) and n·above − (d − n)·(below + at). A row more changes the second by d − n or −n, the third by n or
    /// −(d − n), and so the greatest by no more. Where no row is at the value this is <see cref="Imbalance"/>; elsewhere it is at most
    /// that.
    /// </summary>
    public BigInteger Distance(Int128 below, Int128 at, Int128 above) => BigInteger.Max(
        BigInteger.Zero,
        BigInteger.Max((_rest * below) - (_n * (at + above)), (_n * above) - (_rest * (below + at))));
}
