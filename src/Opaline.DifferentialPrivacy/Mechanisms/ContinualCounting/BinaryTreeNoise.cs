using System.Numerics;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The noise of each sum of a stream: that of the blocks that make up its steps, the set bits of t. Step t completes the block of its
/// lowest set bit, whose noise is drawn now and once; the smaller blocks are inside it and are forgotten.
/// </summary>
internal sealed class BinaryTreeNoise(DiscreteGaussian noise, int levels, IBitSource bits)
{
    private readonly BigInteger[] _ofLevel = new BigInteger[levels];
    private long _step;

    public BigInteger Next()
    {
        _step++;
        int completed = BitOperations.TrailingZeroCount(_step);
        _ofLevel.AsSpan(0, completed).Clear();
        _ofLevel[completed] = noise.Sample(bits);
        BigInteger sum = BigInteger.Zero;
        foreach (BigInteger block in _ofLevel)
            sum += block;
        return sum;
    }
}
