using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// ipcrypt-nd (draft-denis-ipcrypt): KIASU-BC with a random tweak of 8 bytes. Equal addresses become different results; for about 2^32
/// of them under one key. Safe for use by many threads.
/// </summary>
public sealed class IpcryptNd : IDisposable
{
    /// <summary>Bytes of the key, of which the mode's own is derived.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a result: tweak and ciphertext.</summary>
    public const int OutputSize = TweakSize + AddressBits.Size;

    private const int TweakSize = 8;
    private const int ModeKeySize = 16;

    private readonly KiasuBlocks _blocks;

    /// <summary>Makes a cipher under a key of 32 bytes, which is copied and may serve the other modes too.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IpcryptNd(ReadOnlySpan<byte> key)
    {
        Span<byte> modeKey = stackalloc byte[ModeKeySize];
        IpcryptKeys.Derive(key, "ipcrypt-nd"u8, modeKey);
        _blocks = new KiasuBlocks(modeKey);
        CryptographicOperations.ZeroMemory(modeKey);
    }

    internal IpcryptNd(KiasuBlocks blocks) => _blocks = blocks;

    /// <summary>Encrypts an address under a fresh random tweak: 24 bytes. The zone of an IPv6 one is dropped.</summary>
    public byte[] Encrypt(IPAddress address)
    {
        Span<byte> tweak = stackalloc byte[TweakSize];
        RandomNumberGenerator.Fill(tweak);
        return Encrypt(address, BinaryPrimitives.ReadUInt64BigEndian(tweak));
    }

    /// <summary>Decrypts what <see cref="Encrypt(IPAddress)"/> made. Any 24 bytes decrypt to some address.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public IPAddress Decrypt(ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length != OutputSize)
            throw new ArgumentException("An address of ipcrypt-nd has 24 bytes.", nameof(encrypted));
        ulong tweak = BinaryPrimitives.ReadUInt64BigEndian(encrypted);
        return AddressBits.Write(_blocks.Decrypt(BinaryPrimitives.ReadUInt128BigEndian(encrypted[TweakSize..]), tweak));
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _blocks.Dispose();

    internal byte[] Encrypt(IPAddress address, ulong tweak)
    {
        byte[] output = new byte[OutputSize];
        BinaryPrimitives.WriteUInt64BigEndian(output, tweak);
        BinaryPrimitives.WriteUInt128BigEndian(output.AsSpan(TweakSize), _blocks.Encrypt(AddressBits.Read(address), tweak));
        return output;
    }
}
