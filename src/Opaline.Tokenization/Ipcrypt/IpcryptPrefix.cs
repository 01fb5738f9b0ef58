using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// ipcrypt-pfx (draft-denis-ipcrypt): addresses that share their first n bits become addresses that share their first n bits, so that
/// subnets can be counted; IPv4 stays IPv4. Each bit is flipped by the xor of two permutations, AES-128 under two keys, of the bits before
/// it. Whoever learns some pairs learns the prefixes that others share with them. Safe for use by many threads.
/// </summary>
public sealed class IpcryptPrefix : IDisposable
{
    /// <summary>Bytes of the key, of which the mode's own is derived.</summary>
    public const int KeySize = 32;

    internal const int ModeKeySize = 32;

    private const int Bits = 128;
    private const int FourBits = 32;

    private readonly IAesBlocks _first;
    private readonly IAesBlocks _second;

    /// <summary>Makes a cipher under a key of 32 bytes, which is copied and may serve the other modes too.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IpcryptPrefix(ReadOnlySpan<byte> key)
    {
        Span<byte> modeKey = stackalloc byte[ModeKeySize];
        IpcryptKeys.Derive(key, "ipcrypt-pfx"u8, modeKey);
        (_first, _second) = Split(modeKey);
        CryptographicOperations.ZeroMemory(modeKey);
    }

    private IpcryptPrefix((IAesBlocks First, IAesBlocks Second) keys) => (_first, _second) = keys;

    internal static IpcryptPrefix UnderModeKey(ReadOnlySpan<byte> modeKey) => new(Split(modeKey));

    /// <summary>Encrypts an address to one of its own family; the zone of an IPv6 one is dropped.</summary>
    public IPAddress Encrypt(IPAddress address) => AddressBits.Write(Encrypt(AddressBits.Read(address)));

    /// <summary>Encrypts an address's 16 bytes, big-endian; IPv4 as <c>::ffff:a.b.c.d</c>.</summary>
    public UInt128 Encrypt(UInt128 address)
    {
        (UInt128 prefix, int bits) = Begin(address);
        Span<byte> one = stackalloc byte[bits * AesBlocks.BlockSize];
        Span<byte> other = stackalloc byte[bits * AesBlocks.BlockSize];
        for (int i = 0; i < bits; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(one[(i * AesBlocks.BlockSize)..], prefix);
            prefix = (prefix << 1) | ((address >> (bits - 1 - i)) & 1);
        }
        _second.Encrypt(one, other);
        _first.Encrypt(one, one);
        UInt128 flips = 0;
        for (int last = AesBlocks.BlockSize - 1; last < one.Length; last += AesBlocks.BlockSize)
            flips = (flips << 1) | (uint)((one[last] ^ other[last]) & 1);
        return address ^ flips;
    }

    /// <summary>Decrypts an address.</summary>
    public IPAddress Decrypt(IPAddress address) => AddressBits.Write(Decrypt(AddressBits.Read(address)));

    /// <summary>Decrypts an address's 16 bytes, big-endian.</summary>
    public UInt128 Decrypt(UInt128 address)
    {
        (UInt128 prefix, int bits) = Begin(address);
        Span<byte> one = stackalloc byte[AesBlocks.BlockSize];
        Span<byte> other = stackalloc byte[AesBlocks.BlockSize];
        UInt128 flips = 0;
        for (int i = bits - 1; i >= 0; i--)
        {
            BinaryPrimitives.WriteUInt128BigEndian(one, prefix);
            _second.Encrypt(one, other);
            _first.Encrypt(one, one);
            UInt128 flip = (uint)((one[^1] ^ other[^1]) & 1);
            flips = (flips << 1) | flip;
            prefix = (prefix << 1) | (((address >> i) & 1) ^ flip);
        }
        return address ^ flips;
    }

    /// <summary>Zeroes the key schedules.</summary>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>
    /// The prefix that is known before any bit is looked at, behind a one that marks its length, and how many bits there are to encrypt.
    /// </summary>
    private static (UInt128 Prefix, int Bits) Begin(UInt128 address) => AddressBits.IsMapped(address)
        ? (((UInt128)1 << (Bits - FourBits)) | (address >> FourBits), FourBits)
        : (1, Bits);

    private static (IAesBlocks First, IAesBlocks Second) Split(ReadOnlySpan<byte> modeKey)
    {
        ReadOnlySpan<byte> first = modeKey[..(ModeKeySize / 2)];
        ReadOnlySpan<byte> second = modeKey[(ModeKeySize / 2)..];
        // Under equal keys the two permutations would cancel, and every address encrypt to itself.
        if (CryptographicOperations.FixedTimeEquals(first, second))
            throw new ArgumentException("The two halves of the key are equal.", nameof(modeKey));
        return (AesBlocks.Create(first), AesBlocks.Create(second));
    }
}
