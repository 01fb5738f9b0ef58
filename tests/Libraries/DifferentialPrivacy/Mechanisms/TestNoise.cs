using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms;

internal static class TestNoise
{
    /// <summary>
    /// Noise that is 0 but for a chance of 2·e^-40 a draw, and in a hundred draws of 1e-15: to see what a mechanism computes.
    /// </summary>
    public static DiscreteLaplace Silent { get; } = new(new Rational(1, 40));

    /// <summary>Noise whose loss is not known to the library.</summary>
    public sealed class Unknown : IDiscreteNoise
    {
        public BigInteger Sample() => 0;

        public void Fill(Span<long> destination) => destination.Clear();

        public double UpperTail(long t) => t > 0 ? 0 : 1;

        public long HalfWidth(double alpha) => 0;
    }
}
