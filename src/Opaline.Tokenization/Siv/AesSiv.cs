using System.Buffers.Binary;
using System.Runtime.Intrinsics;
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

    // Blocks of a text up to which it is not worth while to have them in memory side by side.
    private const int Few = 8;

    private readonly AesCmac _mac;
    private readonly IAesBlocks _counter;
    private readonly NativeAesBlocks? _nativeCounter;
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
        _nativeCounter = counter as NativeAesBlocks;
        _zeroTag = _mac.Compute(stackalloc byte[IvSize]);
    }

    /// <summary>Works associated data in once for many plaintexts.</summary>
    /// <param name="associatedData">Any number of parts, each of which counts even when empty; at most 126.</param>
    public SivHeader Header(params ReadOnlySpan<byte[]> associatedData) => new(this, Prefix(associatedData));

    /// <summary>Encrypts: synthetic IV, then as many bytes as the plaintext has.</summary>
    /// <param name="plaintext">Any bytes.</param>
    /// <param name="associatedData">Any number of parts, each of which counts even when empty; at most 126.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, params ReadOnlySpan<byte[]> associatedData)
    {
        byte[] output = new byte[IvSize + plaintext.Length];
        Encrypt(Prefix(associatedData), plaintext, output);
        return output;
    }

    /// <summary>Encrypts under associated data that was worked in before, without an allocation.</summary>
    /// <param name="header">What <see cref="Header"/> of this cipher made.</param>
    /// <param name="plaintext">Any bytes.</param>
    /// <param name="output">Takes the synthetic IV, then as many bytes as the plaintext has; it must not overlap the plaintext.</param>
    /// <exception cref="ArgumentException">The output has another length, or the header is of another cipher.</exception>
    public void Encrypt(SivHeader header, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        if (output.Length != IvSize + plaintext.Length)
            throw new ArgumentException("A ciphertext has 16 bytes more than its plaintext.", nameof(output));
        Encrypt(StateOf(header), plaintext, output);
    }

    /// <summary>Decrypts what <see cref="Encrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte[]})"/> made.</summary>
    /// <exception cref="CryptographicException">Ciphertext, key or associated data is another.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext, params ReadOnlySpan<byte[]> associatedData)
    {
        byte[] plaintext = new byte[Math.Max(0, ciphertext.Length - IvSize)];
        Decrypt(Header(associatedData), ciphertext, plaintext);
        return plaintext;
    }

    /// <summary>Decrypts under associated data that was worked in before, without an allocation.</summary>
    /// <param name="header">What <see cref="Header"/> of this cipher made.</param>
    /// <param name="ciphertext">Synthetic IV and ciphertext.</param>
    /// <param name="plaintext">Takes 16 bytes fewer; it must not overlap the ciphertext. All zero if it does not authenticate.</param>
    /// <exception cref="CryptographicException">Ciphertext, key or associated data is another.</exception>
    /// <exception cref="ArgumentException">The plaintext has another length, or the header is of another cipher.</exception>
    public void Decrypt(SivHeader header, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (!TryDecrypt(header, ciphertext, plaintext))
            throw new CryptographicException("The AES-SIV ciphertext does not authenticate.");
    }

    /// <summary>
    /// Decrypts as <see cref="Decrypt(SivHeader, ReadOnlySpan{byte}, Span{byte})"/> does, for callers to whom a foreign ciphertext is no
    /// exception.
    /// </summary>
    /// <param name="header">What <see cref="Header"/> of this cipher made.</param>
    /// <param name="ciphertext">Synthetic IV and ciphertext.</param>
    /// <param name="plaintext">Takes 16 bytes fewer; it must not overlap the ciphertext. All zero if it does not authenticate.</param>
    /// <returns>Whether it authenticates.</returns>
    /// <exception cref="ArgumentException">The plaintext has another length, or the header is of another cipher.</exception>
    public bool TryDecrypt(SivHeader header, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        UInt128 state = StateOf(header);
        if (plaintext.Length != Math.Max(0, ciphertext.Length - IvSize))
            throw new ArgumentException("A plaintext has 16 bytes fewer than its ciphertext.", nameof(plaintext));
        return ciphertext.Length >= IvSize && TryDecrypt(state, ciphertext, plaintext);
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
    internal UInt128 SyntheticIv(UInt128 prefix, ReadOnlySpan<byte> plaintext) =>
        plaintext.Length >= IvSize ? _mac.Compute(plaintext, prefix) : ShortIv(prefix, plaintext);

    private UInt128 ShortIv(UInt128 prefix, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> padded = stackalloc byte[IvSize];
        padded.Clear();
        plaintext.CopyTo(padded);
        padded[plaintext.Length] = 0x80;
        BinaryPrimitives.WriteUInt128BigEndian(padded, BinaryPrimitives.ReadUInt128BigEndian(padded) ^ AesCmac.Double(prefix));
        return _mac.Compute(padded);
    }

    private void Encrypt(UInt128 prefix, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        UInt128 iv = SyntheticIv(prefix, plaintext);
        BinaryPrimitives.WriteUInt128BigEndian(output, iv);
        Count(iv, plaintext, output[IvSize..]);
    }

    private bool TryDecrypt(UInt128 prefix, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        Count(BinaryPrimitives.ReadUInt128BigEndian(ciphertext), ciphertext[IvSize..], plaintext);
        Span<byte> expected = stackalloc byte[IvSize];
        BinaryPrimitives.WriteUInt128BigEndian(expected, SyntheticIv(prefix, plaintext));
        if (CryptographicOperations.FixedTimeEquals(expected, ciphertext[..IvSize]))
            return true;
        CryptographicOperations.ZeroMemory(plaintext);
        return false;
    }

    private UInt128 StateOf(SivHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return ReferenceEquals(header.Cipher, this)
            ? header.State
            : throw new ArgumentException("The associated data was worked in by another cipher.", nameof(header));
    }

    /// <summary>Counter mode from the synthetic IV with the top bits of its last two words cleared (RFC 5297, 2.6).</summary>
    private void Count(UInt128 iv, ReadOnlySpan<byte> input, Span<byte> output)
    {
        UInt128 counter = iv & ~new UInt128(0, 0x8000_0000_8000_0000);
        if (_nativeCounter is { } native && input.Length is >= IvSize and <= Few * IvSize)
            CountFew(native, counter, input, output);
        else
            CountMany(counter, input, output);
    }

    /// <summary>
    /// In registers. The last block goes first, over the end of the one before it, which then overwrites what it wrote too much.
    /// </summary>
    private static void CountFew(NativeAesBlocks aes, UInt128 counter, ReadOnlySpan<byte> input, Span<byte> output)
    {
        aes.ThrowIfDisposed();
        (int whole, int rest) = Math.DivRem(input.Length, IvSize);
        if (rest > 0)
        {
            Vector128<byte> stream = aes.Encrypt(AesCmac.Bytes(counter + (uint)whole));
            (Vector128.Create(input[^IvSize..]) ^ AesCmac.Shift(stream, rest - IvSize)).CopyTo(output[^IvSize..]);
        }
        for (int at = 0; at < whole * IvSize; at += IvSize, counter++)
            (Vector128.Create(input[at..]) ^ aes.Encrypt(AesCmac.Bytes(counter))).CopyTo(output[at..]);
    }

    private void CountMany(UInt128 counter, ReadOnlySpan<byte> input, Span<byte> output)
    {
        const int blocks = 32;
        Span<byte> stream = stackalloc byte[blocks * IvSize];
        while (!input.IsEmpty)
        {
            int length = Math.Min(input.Length, stream.Length);
            Span<byte> used = stream[..((length + IvSize - 1) / IvSize * IvSize)];
            for (int at = 0; at < used.Length; at += IvSize, counter++)
                BinaryPrimitives.WriteUInt128BigEndian(used[at..], counter);
            _counter.Encrypt(used, used);
            Xor(input[..length], used, output);
            input = input[length..];
            output = output[length..];
        }
        CryptographicOperations.ZeroMemory(stream);
    }

    private static void Xor(ReadOnlySpan<byte> input, ReadOnlySpan<byte> stream, Span<byte> output)
    {
        int at = 0;
        for (; input.Length - at >= IvSize; at += IvSize)
            (Vector128.Create(input[at..]) ^ Vector128.Create(stream[at..])).CopyTo(output[at..]);
        for (; at < input.Length; at++)
            output[at] = (byte)(input[at] ^ stream[at]);
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> key) => key.Length is 32 or 48 or 64
        ? key
        : throw new ArgumentException("An AES-SIV key has 32, 48 or 64 bytes.", nameof(key));
}
