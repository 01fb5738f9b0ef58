using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Report noisy max: the index of the greatest score after exact discrete Laplace noise on each; of equal ones the first in the public
/// order.
/// <list type="bullet">
/// <item>Input domain: an integer score qᵢ for each of a public list of candidates.</item>
/// <item>Sensitivity: Δ, the most that one privacy unit changes any one score. Scores are monotone where a unit that is added changes none
/// of them downwards, or none of them upwards: counts are.</item>
/// <item>Privacy loss: pure ε-DP with noise of scale s = 2Δ/ε, or Δ/ε for monotone scores; hence ρ-zCDP with ρ = ε²/2. Only the index is
/// released, never a noisy score: together they lose more.</item>
/// <item>Source: Dwork and Roth, The Algorithmic Foundations of Differential Privacy (2014), claim 3.9, where ties do not occur; here with
/// them.</item>
/// </list>
/// </summary>
/// <remarks>
/// Proof. Fix the noise of all candidates but i. Let r be the least integer such that i wins whenever its own noise is at least r: it needs
/// qᵢ + r &gt; qⱼ + Xⱼ for j before i and ≥ for j after it. On a neighbour, qᵢ' − qⱼ' ≥ qᵢ − qⱼ − h with h = 2Δ, or h = Δ for monotone
/// scores, so each of these inequalities, strict or not, holds there once the noise is at least r + h: ties cost nothing as long as their
/// order does not depend on the data. On the integers P(X ≥ r + h) = Σ P(X = x + h) over x ≥ r, at least e^−(h/s)·P(X ≥ r) = e^−ε·P(X ≥ r).
/// </remarks>
public sealed class ReportNoisyMax : ISelectionMechanism
{
    private readonly DiscreteLaplace _noise;

    /// <summary>The choice at the given loss.</summary>
    /// <param name="sensitivity">Δ, above 0.</param>
    /// <param name="epsilon">ε, exact, in (0, 2^16], and so great that the scale is at most 2^50.</param>
    /// <param name="monotone">Whether one unit moves all scores the same way.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the scale is above 2^50.</exception>
    public ReportNoisyMax(long sensitivity, Rational epsilon, bool monotone = false)
    {
        Rational scale = ScoreScale.For(sensitivity, epsilon, monotone);
        _noise = DiscreteLaplace.IfDrawable(scale) ?? throw new ArgumentOutOfRangeException(
            nameof(epsilon), epsilon, "epsilon must be so great that the scale of the noise is at most 2^50.");
        Epsilon = epsilon;
        Loss = PrivacyLoss.OfPure(epsilon);
    }

    /// <summary>The exact scale s of the noise.</summary>
    public Rational Scale => _noise.Scale;

    /// <inheritdoc/>
    public Rational Epsilon { get; }

    /// <summary>What one choice costs: ρ = ε²/2, rounded up.</summary>
    public PrivacyLoss Loss { get; }

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<long> scores) => Select(scores, CryptographicBits.OfThread);

    /// <inheritdoc/>
    /// <remarks>Each of the n − 1 others beats the best only if the difference of their noises is at least that of their scores.</remarks>
    public BigInteger ScoreGap(int candidates, double alpha)
    {
        Domain.AtLeastOne(candidates);
        Domain.Alpha(alpha);
        return candidates == 1 ? 0 : TailSearch.Least(0, gap => RoundUp.Multiply(candidates - 1, DifferenceTail(gap + 1)) <= alpha);
    }

    int ISelectionMechanism.Select(ReadOnlySpan<long> scores, IBitSource bits) => Select(scores, bits);

    internal int Select(ReadOnlySpan<long> scores, IBitSource bits)
    {
        ScoreScale.RequireCandidates(scores);
        // All noise before the first score is read: the time of a draw depends on what is drawn.
        BigInteger[] noisy = new BigInteger[scores.Length];
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] = _noise.Sample(bits);
        for (int i = 0; i < noisy.Length; i++)
            noisy[i] += scores[i];
        int chosen = 0;
        for (int i = 1; i < noisy.Length; i++)
        {
            if (noisy[i] > noisy[chosen])
                chosen = i;
        }
        return chosen;
    }

    // P(X − Y ≥ t) for t ≥ 1 and independent X, Y, rounded up: the sum over k ≥ t of P(X − Y = k) = ((1−a)/(1+a))²·((k+1)·a^k +
    // 2a^(k+2)/(1−a²)), in closed form a^t·((t+1)(1−a) + a + 2a²/(1+a))/(1+a)². All terms are positive.
    private double DifferenceTail(long t)
    {
        Rational rate = 1 / Scale;
        double a = Math.Exp(-rate.ToDoubleDown());
        double less = -NearOne.ExpMinusOne(-rate.ToDoubleUp());
        double bracket = ((t + 1.0) * less) + a + (2 * a * a / (1 + a));
        return RoundUp.Loosen(Math.Exp(-(rate * t).ToDoubleDown()) * bracket / ((1 + a) * (1 + a)));
    }
}
