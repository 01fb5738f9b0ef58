using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Opaline.Tokenization;

/// <summary>AES by the processor's own instructions (AES-NI): constant time, no tables, no calls out of the process.</summary>
internal sealed class NativeAesBlocks : IAesBlocks
{
    private const int InFlight = 8;

    private readonly Vector128<byte>[] _roundKeys;
    private bool _disposed;

    public NativeAesBlocks(ReadOnlySpan<byte> key)
    {
        _roundKeys = AesKeySchedule.Expand(key);
    }

    public void CbcMac(Span<byte> state, ReadOnlySpan<byte> blocks)
    {
        ThrowIfDisposed();
        Vector128<byte> chain = Vector128.Create<byte>(state);
        for (; blocks.Length >= AesBlocks.BlockSize; blocks = blocks[AesBlocks.BlockSize..])
            chain = Encrypt(chain ^ Vector128.Create(blocks));
        chain.CopyTo(state);
    }

    public void Encrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        ThrowIfDisposed();
        ReadOnlySpan<Vector128<byte>> source = MemoryMarshal.Cast<byte, Vector128<byte>>(blocks);
        Span<Vector128<byte>> target = MemoryMarshal.Cast<byte, Vector128<byte>>(output)[..source.Length];
        int at = 0;
        for (; source.Length - at >= InFlight; at += InFlight)
            EncryptEight(source.Slice(at, InFlight), target.Slice(at, InFlight));
        for (; at < source.Length; at++)
            target[at] = Encrypt(source[at]);
    }

    public void Decrypt(ReadOnlySpan<byte> blocks, Span<byte> output)
    {
        ThrowIfDisposed();
        ReadOnlySpan<Vector128<byte>> source = MemoryMarshal.Cast<byte, Vector128<byte>>(blocks);
        Span<Vector128<byte>> target = MemoryMarshal.Cast<byte, Vector128<byte>>(output)[..source.Length];
        for (int at = 0; at < source.Length; at++)
            target[at] = Decrypt(source[at]);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_roundKeys.AsSpan()));
    }

    /// <summary>What the caller of <see cref="Encrypt(Vector128{byte})"/> checks first: a zeroed key encrypts too.</summary>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>One block in a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Encrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        block ^= keys[0];
        for (int round = 1; round < keys.Length - 1; round++)
            block = X86Aes.Encrypt(block, keys[round]);
        return X86Aes.EncryptLast(block, keys[^1]);
    }

    /// <summary>Eight blocks side by side: an instruction has a latency of four cycles and a throughput of two a cycle.</summary>
    private void EncryptEight(ReadOnlySpan<Vector128<byte>> source, Span<Vector128<byte>> target)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        Vector128<byte> key = keys[0];
        Vector128<byte> a = source[0] ^ key;
        Vector128<byte> b = source[1] ^ key;
        Vector128<byte> c = source[2] ^ key;
        Vector128<byte> d = source[3] ^ key;
        Vector128<byte> e = source[4] ^ key;
        Vector128<byte> f = source[5] ^ key;
        Vector128<byte> g = source[6] ^ key;
        Vector128<byte> h = source[7] ^ key;
        for (int round = 1; round < keys.Length - 1; round++)
        {
            key = keys[round];
            a = X86Aes.Encrypt(a, key);
            b = X86Aes.Encrypt(b, key);
            c = X86Aes.Encrypt(c, key);
            d = X86Aes.Encrypt(d, key);
            e = X86Aes.Encrypt(e, key);
            f = X86Aes.Encrypt(f, key);
            g = X86Aes.Encrypt(g, key);
            h = X86Aes.Encrypt(h, key);
        }
        key = keys[^1];
        target[0] = X86Aes.EncryptLast(a, key);
        target[1] = X86Aes.EncryptLast(b, key);
        target[2] = X86Aes.EncryptLast(c, key);
        target[3] = X86Aes.EncryptLast(d, key);
        target[4] = X86Aes.EncryptLast(e, key);
        target[5] = X86Aes.EncryptLast(f, key);
        target[6] = X86Aes.EncryptLast(g, key);
        target[7] = X86Aes.EncryptLast(h, key);
    }

    /// <summary>
    /// The equivalent inverse cipher, FIPS 197 section 5.3.5; its round keys are made on the way, so that only one schedule is kept.
    /// </summary>
    private Vector128<byte> Decrypt(Vector128<byte> block)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        block ^= keys[^1];
        for (int round = keys.Length - 2; round > 0; round--)
            block = X86Aes.Decrypt(block, X86Aes.InverseMixColumns(keys[round]));
        return X86Aes.DecryptLast(block, keys[0]);
    }
}
