using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// What both thresholds share: a key with the number n ≥ 1 is told iff n + X ≥ τ. Suppose a unit leaves. Keys that others have too are
/// covered by the noise's loss; a key that only this unit has holds at most perKey, and is told with a chance of at most δ1 = P(perKey + X
/// ≥ τ). With up to l0 of these, no such key is told with chance at least (1 − δ1)^l0, and what happens else is the δ.
/// </summary>
internal sealed class NoisyThreshold(AdditiveNoise noise, int l0, long perKey, long threshold)
{
    public long Threshold => threshold;

    public PrivacyLoss Loss { get; } = noise.Loss with { Delta = AttoDelta.RoundUp(ThresholdDelta.For(noise.Law, l0, perKey, threshold)) };

    /// <summary>The least τ ≥ perKey whose δ is at most the wanted one.</summary>
    public static long Least(IDiscreteNoise law, int l0, long perKey, double delta) =>
        TailSearch.Least(perKey, tau => ThresholdDelta.For(law, l0, perKey, tau) <= delta);

    public BigInteger? Release(long units, IBitSource bits)
    {
        Domain.NotNegative(units);
        BigInteger noisy = noise.Draw(bits) + units;
        return units > 0 && noisy >= threshold ? noisy : null;
    }

    public double KeepProbability(long units)
    {
        Domain.NotNegative(units);
        return units == 0 ? 0 : noise.Law.UpperTail(threshold - units);
    }
}
