namespace Opaline.DifferentialPrivacy;

/// <summary>
/// A guarantee of (ε, δ)-differential privacy in exact amounts, pure where δ is 0. Guarantees on the same people add: basic composition,
/// which also holds where the second release was chosen after the first answer
/// (Dwork, Kenthapadi, McSherry, Mironov, Naor, Our Data, Ourselves, 2006, theorem 1). It is the loosest account of all; a ledger counts
/// <see cref="PrivacyLoss"/>.
/// </summary>
public readonly record struct ApproximateDp
{
    /// <summary>The guarantee of the given amounts.</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="delta">δ.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative.</exception>
    public ApproximateDp(Rational epsilon, AttoDelta delta)
    {
        Domain.NotNegative(epsilon);
        Epsilon = epsilon;
        Delta = delta;
    }

    /// <summary>ε, exact.</summary>
    public Rational Epsilon { get; }

    /// <summary>δ.</summary>
    public AttoDelta Delta { get; }

    /// <summary>
    /// The loss as a ledger counts it: δ-approximate ε²/2-zCDP. The worst (ε, δ)-DP release is, but for a chance of δ, purely ε-DP
    /// (Kairouz, Oh, Viswanath 2015, arXiv 1311.0776; Bun and Steinke 2016, section 8).
    /// </summary>
    /// <exception cref="OverflowException">ρ is above 9.2·10^9.</exception>
    public PrivacyLoss ToLoss() => new(Zcdp.OfPure(Epsilon), Delta);

    /// <summary>
    /// The guarantee of two releases on disjoint parts of the people, where which part a person is in is public: the greater of each
    /// amount.
    /// </summary>
    public static ApproximateDp InParallel(ApproximateDp left, ApproximateDp right) =>
        new(left.Epsilon > right.Epsilon ? left.Epsilon : right.Epsilon, left.Delta > right.Delta ? left.Delta : right.Delta);

    /// <summary>The guarantee of two releases on the same people.</summary>
    /// <exception cref="OverflowException">The sum of δ is above 9.2.</exception>
    public static ApproximateDp operator +(ApproximateDp left, ApproximateDp right) =>
        new(left.Epsilon + right.Epsilon, left.Delta + right.Delta);
}
