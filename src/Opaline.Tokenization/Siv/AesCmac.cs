using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// AES-CMAC (NIST SP 800-38B, RFC 4493): a message authentication code and pseudo-random function. Safe for use by many threads.
/// </summary>
public sealed class AesCmac : IDisposable
{
    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 16;

    private readonly IAesBlocks _aes;
    private readonly NativeAesBlocks? _native;
    private readonly Vector128<byte> _wholeKey;
    private readonly Vector128<byte> _paddedKey;

    /// <summary>Makes a CMAC under a key of 16, 24 or 32 bytes, which is copied.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AesCmac(ReadOnlySpan<byte> key)
        : this(AesBlocks.Create(Checked(key)))
    {
    }

    internal AesCmac(IAesBlocks aes)
    {
        _aes = aes;
        _native = aes as NativeAesBlocks;
        Span<byte> zero = stackalloc byte[TagSize];
        zero.Clear();
        aes.Encrypt(zero, zero);
        UInt128 wholeKey = Double(BinaryPrimitives.ReadUInt128BigEndian(zero));
        _wholeKey = Bytes(wholeKey);
        _paddedKey = Bytes(Double(wholeKey));
        zero.Clear();
    }

    /// <summary>Computes the tag of a message of any length into <paramref name="tag"/>, which has 16 bytes.</summary>
    public void Compute(ReadOnlySpan<byte> message, Span<byte> tag)
    {
        if (tag.Length != TagSize)
            throw new ArgumentException("A tag has 16 bytes.", nameof(tag));
        BinaryPrimitives.WriteUInt128BigEndian(tag, Compute(message));
    }

    /// <summary>Whether the tag belongs to the message; in constant time. A shortened tag is refused.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagSize];
        Compute(message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _aes.Dispose();

    /// <summary>Doubling in GF(2^128) modulo x^128 + x^7 + x^2 + x + 1, without a branch on the value.</summary>
    internal static UInt128 Double(UInt128 value) => (value << 1) ^ ((value >> 127) * 0x87);

    /// <summary>
    /// The tag; <paramref name="endMask"/> is xored into the last 16 bytes of a message of at least 16 (what S2V calls xorend).
    /// </summary>
    internal UInt128 Compute(ReadOnlySpan<byte> message, UInt128 endMask = default)
    {
        // The mask may straddle the last two blocks; all blocks before them go as they are.
        int lastStart = message.IsEmpty ? 0 : (message.Length - 1) / TagSize * TagSize;
        int rest = message.Length - lastStart;
        Vector128<byte> mask = Bytes(endMask);
        Vector128<byte> last = message.Length >= TagSize
            ? Shift(Vector128.Create(message[^TagSize..]) ^ mask, TagSize - rest)
            : ZeroExtended(message);
        last ^= rest == TagSize ? _wholeKey : Shift(Vector128.CreateScalar((byte)0x80), -rest) ^ _paddedKey;
        if (lastStart == 0)
            return Chain([], default, hasBeforeLast: false, last);
        Vector128<byte> beforeLast = Vector128.Create(message[(lastStart - TagSize)..]) ^ Shift(mask, -rest);
        return Chain(message[..(lastStart - TagSize)], beforeLast, hasBeforeLast: true, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UInt128 Chain(ReadOnlySpan<byte> blocks, Vector128<byte> beforeLast, bool hasBeforeLast, Vector128<byte> last)
    {
        if (_native is not { } native)
            return Number(ChainInMemory(blocks, beforeLast, hasBeforeLast, last));
        native.ThrowIfDisposed();
        Vector128<byte> chain = default;
        for (; !blocks.IsEmpty; blocks = blocks[TagSize..])
            chain = native.Encrypt(chain ^ Vector128.Create(blocks));
        if (hasBeforeLast)
            chain = native.Encrypt(chain ^ beforeLast);
        return Number(native.Encrypt(chain ^ last));
    }

    private Vector128<byte> ChainInMemory(ReadOnlySpan<byte> blocks, Vector128<byte> beforeLast, bool hasBeforeLast, Vector128<byte> last)
    {
        Span<byte> state = stackalloc byte[TagSize];
        Span<byte> tail = stackalloc byte[2 * TagSize];
        state.Clear();
        beforeLast.CopyTo(tail);
        last.CopyTo(tail[TagSize..]);
        _aes.CbcMac(state, blocks);
        _aes.CbcMac(state, hasBeforeLast ? tail : tail[TagSize..]);
        CryptographicOperations.ZeroMemory(tail);
        return Vector128.Create<byte>(state);
    }

    private static Vector128<byte> ZeroExtended(ReadOnlySpan<byte> bytes)
    {
        Span<byte> extended = stackalloc byte[TagSize];
        extended.Clear();
        bytes.CopyTo(extended);
        return Vector128.Create<byte>(extended);
    }

    private static UInt128 Number(Vector128<byte> bytes)
    {
        Vector128<ulong> words = bytes.AsUInt64();
        return new UInt128(BinaryPrimitives.ReverseEndianness(words[0]), BinaryPrimitives.ReverseEndianness(words[1]));
    }

    /// <summary>Moves each byte <paramref name="by"/> places to the front, or to the back if it is negative; zeros move in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Shift(Vector128<byte> bytes, int by) =>
        Vector128.ShuffleNative(bytes, Vector128.Create(Places.Slice(TagSize + by, TagSize)));

    /// <summary>The 16 bytes of a number, big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Bytes(UInt128 value) => Vector128.Create(
        BinaryPrimitives.ReverseEndianness((ulong)(value >> 64)), BinaryPrimitives.ReverseEndianness((ulong)value)).AsByte();

    // Out of range, and so zero, before and behind the 16 places.
    private static ReadOnlySpan<byte> Places =>
    [
        128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
    ];

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> key) => key.Length is 16 or 24 or 32
        ? key
        : throw new ArgumentException("An AES key has 16, 24 or 32 bytes.", nameof(key));
}
