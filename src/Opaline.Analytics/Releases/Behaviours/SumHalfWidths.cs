using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>How far the sum of so many cells of one noise reaches, each computed once.</summary>
internal sealed class SumHalfWidths(IDiscreteNoise law)
{
    private readonly Dictionary<(int Count, double Alpha), BigInteger> _known = [];

    /// <summary>The sum of <paramref name="count"/> noises is above this, in size, with a chance of at most <paramref name="alpha"/>.</summary>
    public BigInteger Of(int count, double alpha)
    {
        if (count == 0)
            return BigInteger.Zero;
        if (!_known.TryGetValue((count, alpha), out BigInteger width))
        {
            width = count == 1
                ? law.HalfWidth(alpha)
                : new SumAccuracy([.. Enumerable.Repeat((law, BigInteger.One), count)], 1 - alpha).HalfWidth;
            _known.Add((count, alpha), width);
        }

        return width;
    }
}
