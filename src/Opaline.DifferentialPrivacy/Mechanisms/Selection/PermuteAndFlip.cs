using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Permute-and-flip: the candidates are taken in a random order, and the first is chosen whose coin of chance e^−((max − qᵢ)/s) succeeds.
/// The best one's always does. For the same ε the chosen score is never worse, in law, than that of the exponential mechanism.
/// <list type="bullet">
/// <item>Input domain: an integer score qᵢ for each of a public list of candidates.</item>
/// <item>Sensitivity: Δ, the most that one privacy unit changes any one score. Scores are monotone where a unit that is added changes none
/// of them downwards, or none of them upwards: counts are.</item>
/// <item>Privacy loss: pure ε-DP with s = 2Δ/ε, or Δ/ε for monotone scores. The law is that of the greatest qᵢ + Xᵢ with Xᵢ exponential of
/// scale s: with the others' noise fixed, i wins on a neighbour whenever its noise is greater by ε·s than it needs to be here, and
/// P(X ≥ t + ε·s) ≥ e^−ε·P(X ≥ t).</item>
/// <item>The range of the loss is not bounded by ε: it is charged ρ = ε²/2, not the ε²/8 of the exponential mechanism
/// (opendp/opendp#2911).</item>
/// <item>Source: McKenna and Sheldon, Permute-and-Flip: A New Mechanism for Differentially Private Selection (NeurIPS 2020, arXiv
/// 2010.12603); that it is noisy max: Ding, Kifer and others, The Permute-and-Flip Mechanism Is Identical to Report-Noisy-Max with
/// Exponential Noise (arXiv 2105.07260).</item>
/// </list>
/// </summary>
public sealed class PermuteAndFlip : ISelectionMechanism
{
    /// <summary>The choice at the given loss.</summary>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16].</param>
    /// <param name="monotone">Whether one unit moves all scores the same way.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sensitivity is not above 0, or ε lies outside (0, 2^16].</exception>
    public PermuteAndFlip(long sensitivity, Rational epsilon, bool monotone = false)
    {
        Scale = ScoreScale.For(sensitivity, epsilon, monotone);
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfPure(epsilon);
    }

    /// <summary>The exact scale s.</summary>
    public Rational Scale { get; }

    /// <inheritdoc/>
    public Rational Epsilon { get; }

    /// <summary>What one choice costs: ρ = ε²/2, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<long> scores) => Select(scores, CryptographicBits.OfThread);

    /// <inheritdoc/>
    /// <remarks>
    /// s·ln((n − 1)/alpha): a candidate at a distance of t from the best is only chosen if its coin of chance e^−(t/s) succeeds.
    /// </remarks>
    public BigInteger ScoreGap(int candidates, double alpha)
    {
        Domain.AtLeastOne(candidates);
        return ScoreScale.Gap(Scale, candidates, alpha);
    }

    int ISelectionMechanism.Select(ReadOnlySpan<long> scores, IBitSource bits) => Select(scores, bits);

    internal int Select(ReadOnlySpan<long> scores, IBitSource bits)
    {
        ScoreScale.RequireCandidates(scores);
        long greatest = scores[0];
        foreach (long score in scores)
            greatest = Math.Max(greatest, score);
        int? chosen = null;
        // Every coin is thrown, also after the choice: how many there are does not tell where it fell.
        foreach (int i in Order(scores.Length, bits))
        {
            bool heads = BernoulliExponential.Draw(bits, ((BigInteger)greatest - scores[i]) * Scale.Denominator, Scale.Numerator);
            if (heads)
                chosen ??= i;
        }
        return chosen.GetValueOrDefault();
    }

    // Fisher and Yates's shuffle.
    private static int[] Order(int length, IBitSource bits)
    {
        int[] order = new int[length];
        for (int i = 0; i < length; i++)
        {
            int j = (int)Uniform.Below(bits, (ulong)i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
