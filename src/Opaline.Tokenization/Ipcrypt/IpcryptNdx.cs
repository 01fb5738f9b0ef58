using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// ipcrypt-ndx (draft-denis-ipcrypt): AES-XTS on one block with a random tweak of 16 bytes. Equal addresses become different results; for
/// exports of any size. Safe for use by many threads.
/// </summary>
public sealed class IpcryptNdx : IDisposable
{
    /// <summary>Bytes of the key, of which the mode's own is derived.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a result: tweak and ciphertext.</summary>
    public const int OutputSize = TweakSize + AddressBits.Size;

    private const int TweakSize = 16;
    private const int ModeKeySize = 32;

    private readonly IAesBlocks _data;
    private readonly IAesBlocks _tweaks;

    /// <summary>Makes a cipher under a key of 32 bytes, which is copied and may serve the other modes too.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IpcryptNdx(ReadOnlySpan<byte> key)
    {
        Span<byte> modeKey = stackalloc byte[ModeKeySize];
        IpcryptKeys.Derive(key, "ipcrypt-ndx"u8, modeKey);
        _data = AesBlocks.Create(modeKey[..(ModeKeySize / 2)]);
        _tweaks = AesBlocks.Create(modeKey[(ModeKeySize / 2)..]);
        CryptographicOperations.ZeroMemory(modeKey);
    }

    internal IpcryptNdx(IAesBlocks data, IAesBlocks tweaks) => (_data, _tweaks) = (data, tweaks);

    /// <summary>Encrypts an address under a fresh random tweak: 32 bytes. The zone of an IPv6 one is dropped.</summary>
    public byte[] Encrypt(IPAddress address)
    {
        Span<byte> tweak = stackalloc byte[TweakSize];
        RandomNumberGenerator.Fill(tweak);
        return Encrypt(address, tweak);
    }

    /// <summary>Decrypts what <see cref="Encrypt(IPAddress)"/> made. Any 32 bytes decrypt to some address.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public IPAddress Decrypt(ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length != OutputSize)
            throw new ArgumentException("An address of ipcrypt-ndx has 32 bytes.", nameof(encrypted));
        UInt128 mask = Mask(encrypted[..TweakSize]);
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(block, BinaryPrimitives.ReadUInt128BigEndian(encrypted[TweakSize..]) ^ mask);
        _data.Decrypt(block, block);
        return AddressBits.Write(BinaryPrimitives.ReadUInt128BigEndian(block) ^ mask);
    }

    /// <summary>Zeroes the key schedules.</summary>
    public void Dispose()
    {
        _data.Dispose();
        _tweaks.Dispose();
    }

    internal byte[] Encrypt(IPAddress address, ReadOnlySpan<byte> tweak)
    {
        UInt128 mask = Mask(tweak);
        byte[] output = new byte[OutputSize];
        tweak.CopyTo(output);
        Span<byte> block = output.AsSpan(TweakSize);
        BinaryPrimitives.WriteUInt128BigEndian(block, AddressBits.Read(address) ^ mask);
        _data.Encrypt(block, block);
        BinaryPrimitives.WriteUInt128BigEndian(block, BinaryPrimitives.ReadUInt128BigEndian(block) ^ mask);
        return output;
    }

    private UInt128 Mask(ReadOnlySpan<byte> tweak)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        _tweaks.Encrypt(tweak, block);
        return BinaryPrimitives.ReadUInt128BigEndian(block);
    }
}
