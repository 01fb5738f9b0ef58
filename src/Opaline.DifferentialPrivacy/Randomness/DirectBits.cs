namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The source of the current thread as a struct: generic code over it is compiled for it alone, without a virtual call for each draw.
/// </summary>
internal readonly struct DirectBits(CryptographicBits source) : IBitSource
{
    /// <summary>The source of the current thread; not to be handed to another one.</summary>
    public static DirectBits OfThread => new(CryptographicBits.OfThread);

    public ulong Next(int bits) => source.Next(bits);
}
