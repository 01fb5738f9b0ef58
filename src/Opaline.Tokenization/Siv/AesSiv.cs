using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opaline.Tokenization;

/// <summary>
/// AES-SIV (RFC 5297): deterministic authenticated encryption. The same plaintext under the same associated data always gives the same
/// ciphertext, and nothing else shows. Safe for use by many threads.
/// </summary>
public sealed class AesSiv : IDisposable
{
    /// <summary>Bytes of the synthetic IV, which stands before the ciphertext.</summary>
    public const int IvSize = 16;

    private readonly AesCmac _mac;
    private readonly IAesBlocks _counter;
    private readonly UInt128 _zeroTag;

    /// <summary>Makes a cipher under a key of 32, 48 or 64 bytes (half for the MAC, half for the counter mode), which is copied.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public AesSiv(ReadOnlySpan<byte> key)
        : this(AesBlocks.Create(Checked(key)[..(key.Length / 2)]), AesBlocks.Create(key[(key.Length / 2)..]))
    {
    }

    internal AesSiv(IAesBlocks mac, IAesBlocks counter)
    {
        _mac = new AesCmac(mac);
        _counter = counter;
        _zeroTag = _mac.Compute(stackalloc byte[IvSize]);
    }

    /// <summary>Encrypts: synthetic IV, then as many bytes as the plaintext has.</summary>
    /// <param name="plaintext">Any bytes.</param>
    /// <param name="associatedData">Any number of parts, each of which counts even when empty; at most 126.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, params ReadOnlySpan<byte[]> associatedData)
    {
        byte[] output = new byte[IvSize + plaintext.Length];
        UInt128 iv = SyntheticIv(Prefix(associatedData), plaintext);
        BinaryPrimitives.WriteUInt128BigEndian(output, iv);
        Count(iv, plaintext, output.AsSpan(IvSize));
        return output;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> made.</summary>
    /// <exception cref="CryptographicException">Ciphertext, key or associated data is another.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext, params ReadOnlySpan<byte[]> associatedData)
    {
        if (ciphertext.Length < IvSize)
            throw new CryptographicException("An AES-SIV ciphertext has at least 16 bytes.");
        UInt128 iv = BinaryPrimitives.ReadUInt128BigEndian(ciphertext);
        byte[] plaintext = new byte[ciphertext.Length - IvSize];
        Count(iv, ciphertext[IvSize..], plaintext);
        Span<byte> expected = stackalloc byte[IvSize];
        BinaryPrimitives.WriteUInt128BigEndian(expected, SyntheticIv(Prefix(associatedData), plaintext));
        if (!CryptographicOperations.FixedTimeEquals(expected, ciphertext[..IvSize]))
        {
            CryptographicOperations.ZeroMemory(plaintext);
            throw new CryptographicException("The AES-SIV ciphertext does not authenticate.");
        }
        return plaintext;
    }

    /// <summary>Zeroes the key schedules.</summary>
    public void Dispose()
    {
        _mac.Dispose();
        _counter.Dispose();
    }

    /// <summary>The state of S2V (RFC 5297, 2.4) after the associated data; reusable for any plaintext.</summary>
    internal UInt128 Prefix(params ReadOnlySpan<byte[]> associatedData)
    {
        if (associatedData.Length > 126)
            throw new ArgumentException("AES-SIV takes at most 126 parts of associated data.", nameof(associatedData));
        UInt128 state = _zeroTag;
        foreach (byte[] part in associatedData)
            state = AesCmac.Double(state) ^ _mac.Compute(part);
        return state;
    }

    /// <summary>The last step of S2V.</summary>
    internal UInt128 SyntheticIv(UInt128 prefix, ReadOnlySpan<byte> plaintext)
    {
        if (plaintext.Length >= IvSize)
            return _mac.Compute(plaintext, prefix);
        Span<byte> padded = stackalloc byte[IvSize];
        padded.Clear();
        plaintext.CopyTo(padded);
        padded[plaintext.Length] = 0x80;
        BinaryPrimitives.WriteUInt128BigEndian(padded, BinaryPrimitives.ReadUInt128BigEndian(padded) ^ AesCmac.Double(prefix));
        return _mac.Compute(padded);
    }

    /// <summary>Counter mode from the synthetic IV with the top bits of its last two words cleared (RFC 5297, 2.6).</summary>
    private void Count(UInt128 iv, ReadOnlySpan<byte> input, Span<byte> output)
    {
        const int blocks = 32;
        Span<byte> stream = stackalloc byte[blocks * IvSize];
        UInt128 counter = iv & ~new UInt128(0, 0x8000_0000_8000_0000);
        while (!input.IsEmpty)
        {
            int length = Math.Min(input.Length, stream.Length);
            Span<byte> used = stream[..((length + IvSize - 1) / IvSize * IvSize)];
            for (int at = 0; at < used.Length; at += IvSize, counter++)
                BinaryPrimitives.WriteUInt128BigEndian(used[at..], counter);
            _counter.Encrypt(used, used);
            for (int i = 0; i < length; i++)
                output[i] = (byte)(input[i] ^ used[i]);
            input = input[length..];
            output = output[length..];
        }
        CryptographicOperations.ZeroMemory(stream);
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> key) => key.Length is 32 or 48 or 64
        ? key
        : throw new ArgumentException("An AES-SIV key has 32, 48 or 64 bytes.", nameof(key));
}
