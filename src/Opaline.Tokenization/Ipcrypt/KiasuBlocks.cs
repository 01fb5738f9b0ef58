using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Tokenization;

/// <summary>
/// KIASU-BC (Jean, Nikolić and Peyrin, Tweaks and keys for block ciphers: the TWEAKEY framework, 2014): AES-128 whose round keys are all
/// xored with a tweak of 8 bytes. Safe for use by many threads.
/// </summary>
internal sealed class KiasuBlocks : IDisposable
{
    private readonly Vector128<byte>[] _roundKeys;
    private readonly bool _native;
    private bool _disposed;

    public KiasuBlocks(ReadOnlySpan<byte> key)
        : this(key, AesBlocks.HasNative)
    {
    }

    internal KiasuBlocks(ReadOnlySpan<byte> key, bool native)
    {
        _roundKeys = AesKeySchedule.Expand(key);
        _native = native;
    }

    public UInt128 Encrypt(UInt128 block, ulong tweak)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        Vector128<byte> change = Spread(tweak);
        Vector128<byte> state = Load(block) ^ keys[0] ^ change;
        for (int round = 1; round < keys.Length - 1; round++)
        {
            Vector128<byte> key = keys[round] ^ change;
            state = _native ? X86Aes.Encrypt(state, key) : AesRound.Encrypt(state, key);
        }
        Vector128<byte> last = keys[^1] ^ change;
        return Store(_native ? X86Aes.EncryptLast(state, last) : AesRound.EncryptLast(state, last));
    }

    public UInt128 Decrypt(UInt128 block, ulong tweak)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        Vector128<byte> change = Spread(tweak);
        Vector128<byte> state = Load(block) ^ keys[^1] ^ change;
        for (int round = keys.Length - 2; round > 0; round--)
        {
            Vector128<byte> key = keys[round] ^ change;
            state = _native
                ? X86Aes.Decrypt(state, X86Aes.InverseMixColumns(key))
                : AesRound.Decrypt(state, AesRound.InverseMixColumns(key));
        }
        Vector128<byte> last = keys[0] ^ change;
        return Store(_native ? X86Aes.DecryptLast(state, last) : AesRound.DecryptLast(state, last));
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_roundKeys.AsSpan()));
    }

    /// <summary>The tweak fills the first two rows of the state: two of each four bytes.</summary>
    private static Vector128<byte> Spread(ulong tweak) =>
        Vector128.WidenLower(Vector128.CreateScalar(BinaryPrimitives.ReverseEndianness(tweak)).AsUInt16()).AsByte();

    private static Vector128<byte> Load(UInt128 block)
    {
        Span<byte> bytes = stackalloc byte[AesBlocks.BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, block);
        return Vector128.Create<byte>(bytes);
    }

    private static UInt128 Store(Vector128<byte> block)
    {
        Span<byte> bytes = stackalloc byte[AesBlocks.BlockSize];
        block.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
