namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Selection of private keys by a threshold on noisy numbers of distinct units: a key with n units is shown iff n + X ≥ τ, X discrete Gaussian.
/// <list type="bullet">
/// <item>Input domain: for each key that occurs, the number of distinct privacy units that have it. Keys that do not occur are never shown.</item>
/// <item>Sensitivity: one unit changes at most l0 keys, each by at most 1.</item>
/// <item>Privacy loss: δ-approximate ρ-zCDP with ρ = l0/(2σ²) and δ = 1 − (1 − δ1)^l0, δ1 = P(1 + X ≥ τ) = P(X ≥ τ − 1): the chance that a key
/// which only this unit has is shown. The comparison is ≥; with the δ1 of &gt; it would promise too much (opendp/opendp#2922).</item>
/// <item>The noisy number may be released too, at no further loss, only if the number of distinct units is the answer.</item>
/// </list>
/// </summary>
public sealed class GaussianThreshold
{
    private GaussianThreshold(DiscreteGaussian noise, int l0, long threshold)
    {
        Noise = noise;
        Threshold = threshold;
        Rho = GaussianScale.RhoOf(l0, noise.SigmaSquared);
        Delta = AttoDelta.RoundUp(ThresholdDelta.For(noise, l0, threshold));
    }

    /// <summary>The noise to add to each key's number of units.</summary>
    public DiscreteGaussian Noise { get; }

    /// <summary>τ, at least 1: a key is shown iff its noisy number of units is at least this.</summary>
    public long Threshold { get; }

    /// <summary>The loss ρ = l0/(2σ²), rounded up.</summary>
    public NanoRho Rho { get; }

    /// <summary>The loss δ = 1 − (1 − δ1)^l0, rounded up; charged in addition to the ρ.</summary>
    public AttoDelta Delta { get; }

    /// <summary>The least threshold whose δ is at most the wanted one.</summary>
    /// <param name="sigmaSquared">σ² of the noise, in (0, 2^112].</param>
    /// <param name="l0">The most keys that one unit has after bounding, at least 1.</param>
    /// <param name="delta">The δ that may be spent, in [1e-300, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range.</exception>
    public static GaussianThreshold For(Rational sigmaSquared, int l0, double delta)
    {
        DiscreteGaussian noise = new(sigmaSquared);
        Domain.AtLeastOne(l0);
        Domain.Alpha(delta);
        long threshold = TailSearch.Least(1, tau => ThresholdDelta.For(noise, l0, tau) <= delta);
        return new GaussianThreshold(noise, l0, threshold);
    }

    /// <summary>Whether a key with this noisy number of units is shown.</summary>
    public bool Keeps(long noisyUnits) => noisyUnits >= Threshold;

    /// <summary>The chance that a key with <paramref name="units"/> units is shown, at least 0 units; for previews, not for decisions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public double KeepProbability(long units)
    {
        Domain.NotNegative(units);
        return units == 0 ? 0 : Noise.UpperTail(Threshold - units);
    }
}
