namespace Opaline.DifferentialPrivacy;

/// <summary>
/// What a release costs, as a ledger counts it: δ-approximate ρ-zCDP in exact integers, both rounded up. Losses of releases on the same
/// people add, also where a release was chosen after earlier answers were seen (Whitehouse, Ramdas, Rogers, Wu, Fully Adaptive Composition
/// in Differential Privacy, ICML 2023, arXiv 2203.05481).
/// </summary>
/// <param name="Rho">The concentrated loss ρ.</param>
/// <param name="Delta">The chance δ with which the loss is not bounded by ρ; 0 but for thresholds and truncations.</param>
public readonly record struct PrivacyLoss(NanoRho Rho, AttoDelta Delta)
{
    /// <summary>No loss.</summary>
    public static PrivacyLoss None => default;

    /// <summary>The loss ρ = ε²/2 of a purely ε-differentially private release (Bun and Steinke 2016, proposition 1.4).</summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative or so great that ρ is above 9.2·10^9.</exception>
    public static PrivacyLoss OfPure(Rational epsilon) => new(Zcdp.OfPure(epsilon), AttoDelta.Zero);

    /// <summary>
    /// The loss ρ = ε²/8 of a release whose loss has a range of ε: the exponential mechanism, but not permute-and-flip, which is only pure
    /// (Cesar and Rogers, Bounding, Concentrating, and Truncating: Unifying Privacy Loss Composition for Data Analytics, 2021, arXiv
    /// 2004.07223, lemma 3.4).
    /// </summary>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is negative or so great that ρ is above 9.2·10^9.</exception>
    public static PrivacyLoss OfBoundedRange(Rational epsilon) => new(Zcdp.OfPure(epsilon / 2), AttoDelta.Zero);

    /// <summary>
    /// The loss of two releases on disjoint parts of the people, where which part a person is in is public: the greater of each amount.
    /// </summary>
    public static PrivacyLoss InParallel(PrivacyLoss left, PrivacyLoss right) =>
        new(left.Rho > right.Rho ? left.Rho : right.Rho, left.Delta > right.Delta ? left.Delta : right.Delta);

    /// <summary>Both amounts with their units, for people.</summary>
    public override string ToString() => $"{Rho}, {Delta}";

    /// <summary>The loss of two releases on the same people, one after the other.</summary>
    /// <exception cref="OverflowException">A sum leaves the range of its amount.</exception>
    public static PrivacyLoss operator +(PrivacyLoss left, PrivacyLoss right) => new(left.Rho + right.Rho, left.Delta + right.Delta);
}
