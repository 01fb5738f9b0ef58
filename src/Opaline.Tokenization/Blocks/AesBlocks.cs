using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Tokenization;

/// <summary>Chooses the fastest AES of this machine.</summary>
internal static class AesBlocks
{
    public const int BlockSize = 16;

    public static bool HasNative => X86Aes.IsSupported && Sse2.IsSupported;

    /// <summary>AES under a key of 16, 24 or 32 bytes.</summary>
    public static IAesBlocks Create(ReadOnlySpan<byte> key) => HasNative ? new NativeAesBlocks(key) : new PortableAesBlocks(key);
}
