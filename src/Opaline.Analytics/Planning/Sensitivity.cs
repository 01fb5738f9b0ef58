using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// How much one unit can move a vector of integers: it changes at most <see cref="Groups"/> of them, each by at most <see cref="MaxChange"/>.
/// Everything else follows, in exact integers. Where a cell has bins, one of them stands for all bins of a cell on one level of their tree: the unit moves
/// these by at most <see cref="MaxChange"/> together, so no other way to spread it has larger norms.
/// </summary>
/// <param name="Groups">L0; with bins κ times the levels, although up to L bins of each can change.</param>
/// <param name="MaxChange">Δ∞.</param>
internal readonly record struct Sensitivity(long Groups, BigInteger MaxChange)
{
    /// <summary>Δ1 = L0·Δ∞.</summary>
    public BigInteger L1 => Groups * MaxChange;

    /// <summary>Δ2² = L0·Δ∞².</summary>
    public BigInteger SquaredL2 => Groups * MaxChange * MaxChange;
}
