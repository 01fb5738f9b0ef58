using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>The scale s by which differences of scores are divided, and what it means for the chosen score.</summary>
internal static class ScoreScale
{
    /// <summary>ε is at most 2^16: ρ = ε²/2 then is 2·10^9, well inside its range.</summary>
    public const int GreatestEpsilonPower = 16;

    /// <summary>
    /// 2Δ/ε: one score may rise by Δ while another falls by Δ. Δ/ε where a change of the data moves all scores the same way: then two
    /// scores move apart by Δ at most.
    /// </summary>
    public static Rational For(BigInteger sensitivity, Rational epsilon, bool monotone)
    {
        Domain.Positive(sensitivity);
        Domain.Scale(epsilon, GreatestEpsilonPower);
        return (monotone ? sensitivity : 2 * sensitivity) / epsilon;
    }

    public static void RequireCandidates(ReadOnlySpan<long> scores)
    {
        if (scores.IsEmpty)
            throw new ArgumentException("scores must hold the score of at least one candidate.", nameof(scores));
    }

    /// <summary>
    /// The greatest integer below s·ln((n − 1)/alpha), rounded up. It bounds the gap wherever each candidate at a distance of t from the
    /// best is chosen with a chance of at most e^−(t/s): the n − 1 others have alpha together.
    /// </summary>
    public static BigInteger Gap(Rational scale, BigInteger candidates, double alpha)
    {
        Domain.Alpha(alpha);
        if (candidates.IsOne)
            return BigInteger.Zero;
        // The odds are loosened too: where they are near 1, a relative slack of their logarithm alone would be lost in its rounding.
        double odds = RoundUp.Loosen((double)(candidates - BigInteger.One) / alpha);
        return (scale * Rational.FromDouble(RoundUp.Loosen(Math.Log(odds)))).Ceiling() - BigInteger.One;
    }
}
