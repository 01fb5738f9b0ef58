using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Selection of private keys by a threshold on noisy numbers: a key with the number n is told iff n + X ≥ τ, X discrete Laplace. The better
/// threshold where a unit has one key or two.
/// <list type="bullet">
/// <item>Input domain: for each key that occurs, the number of distinct privacy units that have it (perKey = 1), or of their bounded rows.
/// Keys that do not occur are never told.</item>
/// <item>Sensitivity: one unit changes at most l0 keys, each by at most perKey.</item>
/// <item>Privacy loss: (ε, δ)-DP with ε = l0·perKey/s and δ = 1 − (1 − δ1)^l0, δ1 = P(X ≥ τ − perKey) = a^(τ − perKey)/(1 + a) for τ &gt;
/// perKey, a = e^(−1/s); hence δ-approximate ρ-zCDP with ρ = ε²/2. The comparison is ≥; the δ1 of &gt; would be too small by a factor a
/// (opendp/opendp#2922).</item>
/// <item>The noisy number may be told with the key, at no further loss.</item>
/// </list>
/// </summary>
public sealed class DiscreteLaplaceThreshold : IPartitionSelection
{
    private readonly NoisyThreshold _rule;

    private DiscreteLaplaceThreshold(DiscreteLaplace noise, int l0, long perKey, long threshold)
    {
        Noise = noise;
        AdditiveNoise additive = AdditiveNoise.Laplace((BigInteger)l0 * perKey, noise.Scale, nameof(perKey));
        Epsilon = additive.Epsilon!.Value;
        _rule = new NoisyThreshold(additive, l0, perKey, threshold);
    }

    /// <summary>The noise on each key's number.</summary>
    public DiscreteLaplace Noise { get; }

    /// <summary>τ: a key is told iff its noisy number is at least this.</summary>
    public long Threshold => _rule.Threshold;

    /// <summary>The exact ε = l0·perKey/s, beside which δ is the failure chance.</summary>
    public Rational Epsilon { get; }

    /// <summary>The loss ρ = ε²/2 of the noise and, in addition, the δ = 1 − (1 − δ1)^l0 of the threshold.</summary>
    public PrivacyLoss Loss => _rule.Loss;

    /// <summary>The least threshold whose δ is at most the wanted one.</summary>
    /// <param name="scale">s of the noise, in (0, 2^50].</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <param name="perKey">The most that one unit adds to a key after bounding, in [1, 2^60].</param>
    /// <param name="delta">The δ that may be spent, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static DiscreteLaplaceThreshold For(Rational scale, int l0, long perKey, double delta)
    {
        DiscreteLaplace noise = new(scale);
        Domain.AtLeastOne(l0);
        Domain.PerKey(perKey);
        Domain.Alpha(delta);
        return new DiscreteLaplaceThreshold(noise, l0, perKey, NoisyThreshold.Least(noise, l0, perKey, delta));
    }

    /// <summary>
    /// A given threshold. Numbers are integers: one that is not is rounded up, since 37.3 taken as 37 would tell keys that it must not.
    /// </summary>
    /// <param name="scale">s of the noise, in (0, 2^50].</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <param name="perKey">The most that one unit adds to a key after bounding, in [1, 2^60].</param>
    /// <param name="threshold">τ, at least perKey and at most 2^62.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static DiscreteLaplaceThreshold At(Rational scale, int l0, long perKey, Rational threshold)
    {
        DiscreteLaplace noise = new(scale);
        Domain.AtLeastOne(l0);
        Domain.PerKey(perKey);
        Domain.Threshold(threshold, perKey);
        return new DiscreteLaplaceThreshold(noise, l0, perKey, (long)threshold.Ceiling());
    }

    /// <inheritdoc/>
    public bool Keeps(long units) => Release(units) is not null;

    /// <summary>The noisy number of a key that is told, else null. Draw once for a release.</summary>
    /// <param name="units">The number of units of the key after bounding, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public BigInteger? Release(long units) => _rule.Release(units, CryptographicBits.OfThread);

    /// <inheritdoc/>
    public double KeepProbability(long units) => _rule.KeepProbability(units);

    internal BigInteger? Release(long units, IBitSource bits) => _rule.Release(units, bits);
}
