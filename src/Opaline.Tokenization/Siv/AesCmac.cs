using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>AES-CMAC (NIST SP 800-38B, RFC 4493): a message authentication code and pseudo-random function. Safe for use by many threads.</summary>
public sealed class AesCmac : IDisposable
{
    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 16;

    private readonly IAesBlocks _aes;
    private readonly UInt128 _wholeKey;
    private readonly UInt128 _paddedKey;

    /// <summary>Makes a CMAC under a key of 16, 24 or 32 bytes, which is copied.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AesCmac(ReadOnlySpan<byte> key)
        : this(AesBlocks.Create(Checked(key)))
    {
    }

    internal AesCmac(IAesBlocks aes)
    {
        _aes = aes;
        Span<byte> zero = stackalloc byte[TagSize];
        zero.Clear();
        aes.CbcMac(zero, stackalloc byte[TagSize]);
        _wholeKey = Double(BinaryPrimitives.ReadUInt128BigEndian(zero));
        _paddedKey = Double(_wholeKey);
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

    /// <summary>The tag; <paramref name="endMask"/> is xored into the last 16 bytes of a message of at least 16 (what S2V calls xorend).</summary>
    internal UInt128 Compute(ReadOnlySpan<byte> message, UInt128 endMask = default)
    {
        Span<byte> state = stackalloc byte[TagSize];
        state.Clear();
        Span<byte> tail = stackalloc byte[2 * TagSize];
        tail.Clear();

        // The mask may straddle the last two blocks, so both are worked on in a copy.
        int whole = message.Length <= 2 * TagSize ? 0 : (message.Length - TagSize - 1) / TagSize * TagSize;
        if (whole > 0)
            _aes.CbcMac(state, message[..whole]);
        ReadOnlySpan<byte> rest = message[whole..];
        rest.CopyTo(tail);
        if (endMask != default)
            Xor(tail.Slice(rest.Length - TagSize, TagSize), endMask);

        int lastStart = rest.Length <= TagSize ? 0 : TagSize;
        if (rest.Length - lastStart == TagSize)
        {
            Xor(tail.Slice(lastStart, TagSize), _wholeKey);
        }
        else
        {
            tail[rest.Length] = 0x80;
            Xor(tail.Slice(lastStart, TagSize), _paddedKey);
        }
        _aes.CbcMac(state, tail[..(lastStart + TagSize)]);
        CryptographicOperations.ZeroMemory(tail);
        return BinaryPrimitives.ReadUInt128BigEndian(state);
    }

    private static void Xor(Span<byte> block, UInt128 mask) =>
        BinaryPrimitives.WriteUInt128BigEndian(block, BinaryPrimitives.ReadUInt128BigEndian(block) ^ mask);

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> key) => key.Length is 16 or 24 or 32
        ? key
        : throw new ArgumentException("An AES key has 16, 24 or 32 bytes.", nameof(key));
}
