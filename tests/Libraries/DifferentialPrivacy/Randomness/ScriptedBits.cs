using Opaline.DifferentialPrivacy;

namespace Opaline.Libraries.Tests.DifferentialPrivacy;

/// <summary>Hands out the given words, cut to the bits that were asked for; fails when they run out.</summary>
internal sealed class ScriptedBits(params ulong[] words) : IBitSource
{
    private int _next;

    public int Used => _next;

    public ulong Next(int bits)
    {
        ulong word = words[_next++];
        return bits == 64 ? word : word & ((1UL << bits) - 1);
    }
}
