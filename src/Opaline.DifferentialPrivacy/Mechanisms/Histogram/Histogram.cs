using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Noisy counts of the keys of a public domain. Every key of the domain is released, also one that nobody has: which keys occur is not
/// told.
/// <list type="bullet">
/// <item>Input domain: a count for each key, after bounding; a key without one counts 0, and one outside the domain is dropped.</item>
/// <item>Sensitivity: one unit changes at most l0 cells (and no more than there are), each by at most perCell: Δ1 = l0·perCell, Δ2² =
/// l0·perCell².</item>
/// <item>Privacy loss: from a ρ by Gaussian noise, ρ-zCDP; from an ε by Laplace noise, pure ε-DP, hence ρ = ε²/2.</item>
/// <item>Source: Dwork, Roth, The Algorithmic Foundations of Differential Privacy (2014), section 3.3, with the noise of
/// <see cref="AdditiveNoise"/>.</item>
/// </list>
/// </summary>
/// <typeparam name="TKey">The keys.</typeparam>
public sealed class Histogram<TKey>
    where TKey : notnull
{
    private readonly TKey[] _keys;

    /// <summary>Counts with Gaussian noise: the better one where a unit may be in many cells.</summary>
    /// <param name="domain">All keys, public: not one may be there because the data have it. At least one key, each once.</param>
    /// <param name="l0">The most cells that one unit is in after bounding, at least 1.</param>
    /// <param name="perCell">The most that one unit adds to a cell after bounding, at least 1.</param>
    /// <param name="rho">The loss, above 0.</param>
    /// <exception cref="ArgumentException">The domain is empty or names a key twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public Histogram(IEnumerable<TKey> domain, int l0, BigInteger perCell, NanoRho rho)
    {
        _keys = Checked(domain, l0, perCell);
        Noise = AdditiveNoise.GaussianFor(Cells(l0) * perCell * perCell, rho, nameof(perCell));
    }

    /// <summary>Counts with Laplace noise: the better one where a unit is in one cell, and pure.</summary>
    /// <param name="domain">All keys, public: not one may be there because the data have it. At least one key, each once.</param>
    /// <param name="l0">The most cells that one unit is in after bounding, at least 1.</param>
    /// <param name="perCell">The most that one unit adds to a cell after bounding, at least 1.</param>
    /// <param name="epsilon">The loss, above 0.</param>
    /// <exception cref="ArgumentException">The domain is empty or names a key twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range, or the noise would be too wide to
    /// draw.</exception>
    public Histogram(IEnumerable<TKey> domain, int l0, BigInteger perCell, Rational epsilon)
    {
        _keys = Checked(domain, l0, perCell);
        Noise = AdditiveNoise.LaplaceFor(Cells(l0) * perCell, epsilon, nameof(perCell));
    }

    /// <summary>The noise on each cell.</summary>
    public AdditiveNoise Noise { get; }

    /// <summary>The loss of one release of all cells.</summary>
    public PrivacyLoss Loss => Noise.Loss;

    /// <summary>The keys, in the order of the release.</summary>
    public IReadOnlyList<TKey> Keys => Array.AsReadOnly(_keys);

    /// <summary>The noisy count of every key, in the order of the domain.</summary>
    /// <param name="counts">The bounded counts.</param>
    public KeyValuePair<TKey, BigInteger>[] Release(IReadOnlyDictionary<TKey, long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return Release(counts, CryptographicBits.OfThread);
    }

    /// <summary>The half-width of the interval around one cell, or around all cells together.</summary>
    /// <param name="confidence">In (0, 1), for example 0.95.</param>
    /// <param name="simultaneous">Whether the intervals of all cells are to hold at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence lies outside (0, 1).</exception>
    public long MarginOfError(double confidence, bool simultaneous) => Noise.MarginOfError(confidence, simultaneous ? _keys.Length : 1);

    internal KeyValuePair<TKey, BigInteger>[] Release(IReadOnlyDictionary<TKey, long> counts, IBitSource bits)
    {
        BigInteger[] released = Noise.Release(new long[_keys.Length], bits);
        KeyValuePair<TKey, BigInteger>[] cells = new KeyValuePair<TKey, BigInteger>[released.Length];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = new(_keys[i], released[i] + counts.GetValueOrDefault(_keys[i]));
        return cells;
    }

    private static TKey[] Checked(IEnumerable<TKey> domain, int l0, BigInteger perCell)
    {
        ArgumentNullException.ThrowIfNull(domain);
        TKey[] keys = [.. domain];
        if (keys.Length == 0)
            throw new ArgumentException("domain must hold at least one key.", nameof(domain));
        if (keys.ToHashSet().Count < keys.Length)
            throw new ArgumentException("domain must name each key once: one that stands twice is told twice.", nameof(domain));
        Domain.AtLeastOne(l0);
        Domain.Positive(perCell);
        return keys;
    }

    private BigInteger Cells(int l0) => Math.Min(l0, _keys.Length);
}
