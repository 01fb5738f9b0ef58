using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Tokenization;

/// <summary>AES by the processor's own instructions (AES-NI): constant time, no tables, no calls out of the process.</summary>
internal sealed class NativeAesBlocks : IAesBlocks
{
    private readonly Vector128<byte>[] _roundKeys;
    private bool _disposed;

    public NativeAesBlocks(ReadOnlySpan<byte> key)
    {
        _roundKeys = GC.AllocateArray<Vector128<byte>>((key.Length / 4) + 7, pinned: true);
        Expand(key, MemoryMarshal.Cast<Vector128<byte>, uint>(_roundKeys.AsSpan()));
    }

    public void CbcMac(Span<byte> state, ReadOnlySpan<byte> blocks)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Vector128<byte> chain = Vector128.Create<byte>(state);
        for (; blocks.Length >= AesBlocks.BlockSize; blocks = blocks[AesBlocks.BlockSize..])
            chain = Encrypt(chain ^ Vector128.Create(blocks));
        chain.CopyTo(state);
    }

    public void Encrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (int at = 0; at < blocks.Length; at += AesBlocks.BlockSize)
            Encrypt(Vector128.Create(blocks[at..])).CopyTo(output[at..]);
    }

    public void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (int at = 0; at < blocks.Length; at += AesBlocks.BlockSize)
            Decrypt(Vector128.Create(blocks[at..])).CopyTo(output[at..]);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_roundKeys.AsSpan()));
    }

    private Vector128<byte> Encrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        block ^= keys[0];
        for (int round = 1; round < keys.Length - 1; round++)
            block = X86Aes.Encrypt(block, keys[round]);
        return X86Aes.EncryptLast(block, keys[^1]);
    }

    // The equivalent inverse cipher (FIPS 197 section 5.3.5): its round keys are the others through InvMixColumns.
    private Vector128<byte> Decrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        block ^= keys[^1];
        for (int round = keys.Length - 2; round > 0; round--)
            block = X86Aes.Decrypt(block, X86Aes.InverseMixColumns(keys[round]));
        return X86Aes.DecryptLast(block, keys[0]);
    }

    /// <summary>Key expansion, FIPS 197 section 5.2, on little-endian words.</summary>
    private static void Expand(ReadOnlySpan<byte> key, Span<uint> words)
    {
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
    }

    private static uint SubstituteBytes(uint word) =>
        X86Aes.KeygenAssist(Vector128.Create(0, word, 0, 0).AsByte(), 0).AsUInt32().ToScalar();
}
