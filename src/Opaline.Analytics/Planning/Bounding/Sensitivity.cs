using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// How much one unit can move a vector of integers, in exact integers. Where a cell has bins, one of them stands for all bins of a cell on one level of their
/// tree: the unit moves these by at most <see cref="MaxChange"/> together, so no other way to spread it has larger norms.
/// </summary>
/// <param name="L0">The cells that change; with bins κ times the levels, although up to L bins of each can change.</param>
/// <param name="MaxChange">Δ∞.</param>
/// <param name="L1">Δ1.</param>
/// <param name="SquaredL2">Δ2².</param>
internal readonly record struct Sensitivity(long L0, BigInteger MaxChange, BigInteger L1, BigInteger SquaredL2)
{
    /// <summary>Where nothing else bounds it: Δ1 = L0·Δ∞, Δ2² = L0·Δ∞².</summary>
    public Sensitivity(long l0, BigInteger maxChange)
        : this(l0, maxChange, l0 * maxChange, l0 * maxChange * maxChange)
    {
    }
}
