using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opaline.DifferentialPrivacy;

/// <summary>
/// The one source of randomness of the library: the operating system's cryptographic generator behind a buffer of 64 KiB for each
/// thread. Bytes are cleared as they are handed out, so that a memory image does not hold noise that has been added to an answer; the
/// buffer is pinned, so that the garbage collector leaves no copies.
/// </summary>
internal sealed class CryptographicBits : IBitSource
{
    private const int Size = 64 * 1024;
    private const int Word = sizeof(ulong);

    [ThreadStatic]
    private static CryptographicBits? t_ofThread;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(Size, pinned: true);
    private int _position = Size;

    private CryptographicBits()
    {
    }

    /// <summary>The source of the current thread; not to be handed to another one.</summary>
    public static CryptographicBits OfThread => t_ofThread ??= new();

    public ulong Next(int bits)
    {
        if (_position > Size - Word)
            Refill();
        Span<byte> window = _buffer.AsSpan(_position, Word);
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(window);
        int bytes = (bits + 7) >> 3;
        // Zeros over the bytes that are used up. A shift counts modulo 64: in two halves, 8 bytes shift everything out.
        int half = bytes << 2;
        BinaryPrimitives.WriteUInt64LittleEndian(window, word >> half >> half << half << half);
        _position += bytes;
        return word & (ulong.MaxValue >> (64 - bits));
    }

    private void Refill()
    {
        RandomNumberGenerator.Fill(_buffer);
        _position = 0;
    }
}
