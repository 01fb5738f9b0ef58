using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Tokenization;

/// <summary>Key expansion, FIPS 197 section 5.2.</summary>
internal static class AesKeySchedule
{
    /// <summary>The round keys of a key of 16, 24 or 32 bytes, in memory that does not move; the caller zeroes it.</summary>
    public static Vector128<byte>[] Expand(ReadOnlySpan<byte> key)
    {
        Vector128<byte>[] roundKeys = GC.AllocateArray<Vector128<byte>>((key.Length / 4) + 7, pinned: true);
        Span<uint> words = MemoryMarshal.Cast<Vector128<byte>, uint>(roundKeys.AsSpan());
        int length = key.Length / 4;
        for (int i = 0; i < length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        uint round = 1;
        for (int i = length; i < words.Length; i++)
        {
            uint word = words[i - 1];
            if (i % length == 0)
            {
                word = BitOperations.RotateRight(SubstituteBytes(word), 8) ^ round;
                round = (round << 1) ^ ((round >> 7) * 0x11b);
            }
            else if (length > 6 && i % length == 4)
            {
                word = SubstituteBytes(word);
            }
            words[i] = words[i - length] ^ word;
        }
        return roundKeys;
    }

    private static uint SubstituteBytes(uint word) => AesBlocks.HasNative
        ? X86Aes.KeygenAssist(Vector128.Create(0, word, 0, 0).AsByte(), 0).AsUInt32().ToScalar()
        : AesRound.SubstituteBytes(word);
}
