using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The private choice of a candidate with a high score. The candidates and their order are public; only the scores depend on private data.
/// Closed to other assemblies: what a choice costs has to be proved. Instances are immutable and may be shared between threads.
/// </summary>
public interface ISelectionMechanism
{
    /// <summary>The exact ε of pure differential privacy.</summary>
    Rational Epsilon { get; }

    /// <summary>What one choice costs.</summary>
    PrivacyLoss Loss { get; }

    /// <summary>The index of the chosen candidate. The time of a choice depends on the scores: answer on a clock.</summary>
    /// <param name="scores">The score of each candidate, at least one; the greater the better.</param>
    /// <exception cref="ArgumentException">There is no score.</exception>
    int Select(ReadOnlySpan<long> scores);

    /// <summary>
    /// How far the chosen score lies below the best one, at most, but for a chance of <paramref name="alpha"/>; rounded up.
    /// </summary>
    /// <param name="candidates">The number of candidates, at least 1.</param>
    /// <param name="alpha">The chance that the gap is wider, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    BigInteger ScoreGap(int candidates, double alpha);

    internal int Select(ReadOnlySpan<long> scores, IBitSource bits);
}
