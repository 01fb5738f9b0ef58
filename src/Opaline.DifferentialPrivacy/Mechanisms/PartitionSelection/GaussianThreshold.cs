using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Selection of private keys by a threshold on noisy numbers: a key with the number n is told iff n + X ≥ τ, X discrete Gaussian.
/// <list type="bullet">
/// <item>Input domain: for each key that occurs, the number of distinct privacy units that have it (perKey = 1), or of their bounded rows.
/// Keys that do not occur are never told.</item>
/// <item>Sensitivity: one unit changes at most l0 keys, each by at most perKey.</item>
/// <item>Privacy loss: δ-approximate ρ-zCDP with ρ = l0·perKey²/(2σ²) and δ = 1 − (1 − δ1)^l0, δ1 = P(X ≥ τ − perKey): the chance that a
/// key which only this unit has is told. The comparison is ≥; with the δ1 of &gt; it would promise too much (opendp/opendp#2922).</item>
/// <item>The noisy number may be told with the key, at no further loss.</item>
/// </list>
/// </summary>
public sealed class GaussianThreshold : IPartitionSelection
{
    private readonly NoisyThreshold _rule;

    private GaussianThreshold(Rational sigmaSquared, int l0, long perKey, double delta, string nameOfSensitivity)
    {
        Noise = new DiscreteGaussian(sigmaSquared);
        Domain.AtLeastOne(l0);
        Domain.PerKey(perKey);
        Domain.Alpha(delta);
        AdditiveNoise noise = AdditiveNoise.Gaussian((BigInteger)l0 * perKey * perKey, sigmaSquared, nameOfSensitivity);
        _rule = new NoisyThreshold(noise, l0, perKey, NoisyThreshold.Least(Noise, l0, perKey, delta));
    }

    /// <summary>The noise on each key's number.</summary>
    public DiscreteGaussian Noise { get; }

    /// <summary>τ, at least perKey: a key is told iff its noisy number is at least this.</summary>
    public long Threshold => _rule.Threshold;

    /// <summary>The loss ρ = l0·perKey²/(2σ²) of the noise and, in addition, the δ = 1 − (1 − δ1)^l0 of the threshold.</summary>
    public PrivacyLoss Loss => _rule.Loss;

    /// <summary>The least threshold on numbers of distinct units whose δ is at most the wanted one.</summary>
    /// <param name="sigmaSquared">σ² of the noise, in (0, 2^112].</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <param name="delta">The δ that may be spent, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static GaussianThreshold For(Rational sigmaSquared, int l0, double delta) => new(sigmaSquared, l0, 1, delta, nameof(l0));

    /// <summary>The least threshold whose δ is at most the wanted one.</summary>
    /// <param name="sigmaSquared">σ² of the noise, in (0, 2^112].</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <param name="perKey">The most that one unit adds to a key after bounding, in [1, 2^60].</param>
    /// <param name="delta">The δ that may be spent, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static GaussianThreshold For(Rational sigmaSquared, int l0, long perKey, double delta) =>
        new(sigmaSquared, l0, perKey, delta, nameof(perKey));

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
