using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The exponential mechanism: candidate i is chosen with a chance proportional to e^(qᵢ/s), exactly.
/// <list type="bullet">
/// <item>Input domain: an integer score qᵢ for each of a public list of candidates.</item>
/// <item>Sensitivity: Δ, the most that one privacy unit changes any one score. Scores are monotone where a unit that is added changes none
/// of them downwards, or none of them upwards: counts are.</item>
/// <item>Privacy loss: pure ε-DP with s = 2Δ/ε, or Δ/ε for monotone scores. The logarithms of the quotients of chances,
/// (qᵢ' − qᵢ)/s − ln(Z'/Z), differ by at most ε among the candidates (a bounded range), hence ρ-zCDP with ρ = ε²/8.</item>
/// <item>Source: McSherry and Talwar, Mechanism Design via Differential Privacy (FOCS 2007), theorem 6; Cesar and Rogers 2021 (arXiv
/// 2004.07223), lemma 3.4.</item>
/// </list>
/// Where only ε counts, <see cref="PermuteAndFlip"/> is never worse; where ρ counts, this costs a quarter of it.
/// </summary>
public sealed class ExponentialMechanism : ISelectionMechanism
{
    /// <summary>The choice at the given loss.</summary>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16].</param>
    /// <param name="monotone">Whether one unit moves all scores the same way.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity is not above 0, or ε lies outside (0, 2^16].</exception>
    public ExponentialMechanism(long sensitivity, Rational epsilon, bool monotone = false)
    {
        Scale = ScoreScale.For(sensitivity, epsilon, monotone);
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfBoundedRange(epsilon);
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <inheritdoc/>
    public Rational Epsilon { get; }

    /// <summary>What one choice costs: ρ = ε²/8, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<long> scores) => Select(scores, CryptographicBits.OfThread);

    /// <inheritdoc/>
    /// <remarks>s·ln((n − 1)/alpha): a candidate at a distance of t from the best has a chance below e^−(t/s).</remarks>
    public BigInteger ScoreGap(int candidates, double alpha)
    {
        Domain.AtLeastOne(candidates);
        return ScoreScale.Gap(Scale, candidates, alpha);
    }

    int ISelectionMechanism.Select(ReadOnlySpan<long> scores, IBitSource bits) => Select(scores, bits);

    internal int Select(ReadOnlySpan<long> scores, IBitSource bits)
    {
        ScoreScale.RequireCandidates(scores);
        (BigInteger, BigInteger)[] weights = new (BigInteger, BigInteger)[scores.Length];
        BigInteger perScore = -Scale.Denominator;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (BigInteger.One, scores[i] * perScore);
        return WeightedChoice.Draw(bits, weights, Scale.Numerator);
    }
}
