using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// How much one unit can move a vector of integers: it changes at most <see cref="Groups"/> of them, each by at most <see cref="MaxChange"/>.
/// Everything else follows, in exact integers.
/// </summary>
/// <param name="Groups">L0.</param>
/// <param name="MaxChange">Δ∞.</param>
internal readonly record struct Sensitivity(long Groups, BigInteger MaxChange)
{
    /// <summary>Δ1 = L0·Δ∞.</summary>
    public BigInteger L1 => Groups * MaxChange;

    /// <summary>Δ2² = L0·Δ∞².</summary>
    public BigInteger SquaredL2 => Groups * MaxChange * MaxChange;
}
