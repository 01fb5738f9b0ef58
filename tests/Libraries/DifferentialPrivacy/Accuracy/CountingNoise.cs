using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Accuracy;

/// <summary>A noise that counts how often its tail is asked for; a kind of its own, of which no closed form is known.</summary>
internal sealed class CountingNoise(IDiscreteNoise noise) : IDiscreteNoise
{
    public int Tails { get; private set; }

    public BigInteger Sample() => noise.Sample();

    public void Fill(Span<long> destination) => noise.Fill(destination);

    public double UpperTail(long t)
    {
        Tails++;
        return noise.UpperTail(t);
    }

    public long HalfWidth(double alpha) => noise.HalfWidth(alpha);
}
