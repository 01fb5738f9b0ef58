using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy.Mechanisms;

/// <summary>The same bits again for the same seed: what differs between two releases from it is not the noise.</summary>
internal sealed class RepeatableBits(int seed) : IBitSource
{
    private readonly Random _random = new(seed);

    public ulong Next(int bits)
    {
        ulong word = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
        return word >> (64 - bits);
    }
}
