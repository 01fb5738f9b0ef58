using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms;

/// <summary>
/// The loss that a release really has in its worst event, from the tails of its noises: that every number that a unit raises stays at or
/// above a threshold. For discrete Laplace noise and thresholds in the upper tail this is exactly ε; it must not be above what is claimed.
/// </summary>
internal static class JointTails
{
    /// <param name="changes">Each noise with the change of its number, and how many such numbers there are.</param>
    public static double LogRatio(params (IDiscreteNoise Noise, BigInteger Change, int Times)[] changes) =>
        changes.Sum(part => part.Times * (Math.Log(part.Noise.UpperTail(1)) - Math.Log(part.Noise.UpperTail(1 + (long)part.Change))));

    /// <summary>ρ of Gaussian noise on independent numbers, as Σ Δ²/(2σ²).</summary>
    public static Rational Rho(params (IDiscreteNoise Noise, BigInteger Change, int Times)[] changes)
    {
        Rational rho = 0;
        foreach ((IDiscreteNoise noise, BigInteger change, int times) in changes)
            rho += times * change * change / (2 * ((DiscreteGaussian)noise).SigmaSquared);
        return rho;
    }
}
