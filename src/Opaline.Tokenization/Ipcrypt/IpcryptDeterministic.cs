using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// ipcrypt-deterministic (draft-denis-ipcrypt): AES-128 on an address's 16 bytes. Equal addresses become equal ones and nothing else shows,
/// not even whether it was IPv4: nearly every result looks like an IPv6 address. Safe for use by many threads.
/// </summary>
public sealed class IpcryptDeterministic : IDisposable
{
    /// <summary>Bytes of the key, of which the mode's own is derived.</summary>
    public const int KeySize = 32;

    internal const int ModeKeySize = 16;

    private readonly IAesBlocks _aes;

    /// <summary>Makes a cipher under a key of 32 bytes, which is copied and may serve the other modes too.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IpcryptDeterministic(ReadOnlySpan<byte> key)
    {
        Span<byte> modeKey = stackalloc byte[ModeKeySize];
        IpcryptKeys.Derive(key, "ipcrypt-deterministic"u8, modeKey);
        _aes = AesBlocks.Create(modeKey);
        CryptographicOperations.ZeroMemory(modeKey);
    }

    internal IpcryptDeterministic(IAesBlocks aes) => _aes = aes;

    /// <summary>Encrypts an address; the zone of an IPv6 one is dropped.</summary>
    public IPAddress Encrypt(IPAddress address) => AddressBits.Write(Encrypt(AddressBits.Read(address)));

    /// <summary>Encrypts an address's 16 bytes, big-endian; IPv4 as <c>::ffff:a.b.c.d</c>.</summary>
    public UInt128 Encrypt(UInt128 address)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(block, address);
        _aes.Encrypt(block, block);
        return BinaryPrimitives.ReadUInt128BigEndian(block);
    }

    /// <summary>Decrypts an address.</summary>
    public IPAddress Decrypt(IPAddress address) => AddressBits.Write(Decrypt(AddressBits.Read(address)));

    /// <summary>Decrypts an address's 16 bytes, big-endian.</summary>
    public UInt128 Decrypt(UInt128 address)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(block, address);
        _aes.Decrypt(block, block);
        return BinaryPrimitives.ReadUInt128BigEndian(block);
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _aes.Dispose();
}
