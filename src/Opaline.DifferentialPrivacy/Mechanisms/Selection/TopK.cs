using System.Numerics;
using System.Runtime.InteropServices;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The k best candidates by peeling: one is chosen, taken out, and so on.
/// <list type="bullet">
/// <item>Input domain: an integer score for each of a public list of at least k candidates.</item>
/// <item>Sensitivity: that of the mechanism which chooses; it is the same for what remains of the list.</item>
/// <item>Privacy loss: k times that of one choice, pure and concentrated, by composition; the order of the chosen is released with
/// them.</item>
/// <item>Source: sequential composition (Bun and Steinke 2016, lemma 1.7); for peeling, Durfee and Rogers, Practical Differentially Private
/// Top-k Selection with Pay-what-you-get Composition (NeurIPS 2019, arXiv 1905.04273).</item>
/// </list>
/// </summary>
public sealed class TopK
{
    private readonly ISelectionMechanism _mechanism;

    /// <summary>The choice of k candidates.</summary>
    /// <param name="k">How many are chosen, at least 1.</param>
    /// <param name="mechanism">What chooses each of them; its ε is that of one choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1, or so great that the loss leaves the range of its amount.</exception>
    public TopK(int k, ISelectionMechanism mechanism)
    {
        Domain.AtLeastOne(k);
        ArgumentNullException.ThrowIfNull(mechanism);
        if (mechanism.Loss.Rho.Value > long.MaxValue / k)
        {
            throw new ArgumentOutOfRangeException(
                nameof(k), k, "k must be so small that k times the loss of one choice is at most 9.2·10^9 ρ.");
        }
        K = k;
        _mechanism = mechanism;
        Epsilon = k * mechanism.Epsilon;
        Loss = new PrivacyLoss(new NanoRho(k * mechanism.Loss.Rho.Value), AttoDelta.Zero);
    }

    /// <summary>How many are chosen.</summary>
    public int K { get; }

    /// <summary>The exact ε of pure differential privacy of all k choices.</summary>
    public Rational Epsilon { get; }

    /// <summary>What all k choices cost.</summary>
    public PrivacyLoss Loss { get; }

    /// <summary>The indices of the chosen candidates, in the order in which they were chosen.</summary>
    /// <param name="scores">The score of each candidate, at least k; the greater the better.</param>
    /// <exception cref="ArgumentException">There are fewer than k scores.</exception>
    public int[] Select(ReadOnlySpan<long> scores) => Select(scores, CryptographicBits.OfThread);

    /// <summary>
    /// How far the j-th chosen score lies below the j-th best one, at most and for all j, but for a chance of <paramref name="alpha"/>;
    /// rounded up.
    /// </summary>
    /// <param name="candidates">The number of candidates, at least k.</param>
    /// <param name="alpha">The chance that some gap is wider, in [1e-300, 1), and at least k·1e-300.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public BigInteger ScoreGap(int candidates, double alpha)
    {
        if (candidates < K)
            throw new ArgumentOutOfRangeException(nameof(candidates), candidates, "candidates must be at least k.");
        Domain.Alpha(alpha);
        // The best of what remains is at least as good as the j-th best of all.
        return _mechanism.ScoreGap(candidates, K == 1 ? alpha : Math.BitDecrement(alpha / K));
    }

    internal int[] Select(ReadOnlySpan<long> scores, IBitSource bits)
    {
        if (scores.Length < K)
            throw new ArgumentException("scores must hold the scores of at least k candidates.", nameof(scores));
        List<long> rest = [.. scores];
        List<int> indices = [.. Enumerable.Range(0, scores.Length)];
        int[] chosen = new int[K];
        for (int j = 0; j < K; j++)
        {
            int i = _mechanism.Select(CollectionsMarshal.AsSpan(rest), bits);
            chosen[j] = indices[i];
            rest.RemoveAt(i);
            indices.RemoveAt(i);
        }
        return chosen;
    }
}
