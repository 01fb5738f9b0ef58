namespace Opaline.DifferentialPrivacy;

/// <summary>
/// Independent uniform random bits. Internal on purpose: the shipped surface has no seed and no way to choose the noise; tests inject
/// sources of their own through the internal overloads.
/// </summary>
internal interface IBitSource
{
    /// <summary>The next <paramref name="bits"/> (1 to 64) uniform bits, as an integer below 2^bits.</summary>
    ulong Next(int bits);
}
