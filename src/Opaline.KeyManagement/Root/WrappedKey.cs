using System.Buffers.Binary;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// A key under a root key, and which version of which root key that is. Stored as
/// <c>1 ‖ length of key id ‖ key id ‖ length of version ‖ version ‖ ciphertext</c>, lengths as big-endian 16-bit numbers, texts in UTF-8.
/// </summary>
public sealed class WrappedKey
{
    /// <summary>Most bytes of a stored wrapped key.</summary>
    public const int MaxSize = 65_536;

    private const byte Format = 1;
    private const int MaxText = 2_048;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Says what was wrapped.</summary>
    /// <param name="keyId">Id of the root key, at most 2,048 bytes in UTF-8.</param>
    /// <param name="version">Its version, in the provider's own words; at most 2,048 bytes in UTF-8.</param>
    /// <param name="ciphertext">The wrapped key as the provider gave it.</param>
    public WrappedKey(string keyId, string version, ReadOnlyMemory<byte> ciphertext)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        ArgumentException.ThrowIfNullOrEmpty(version);
        if (Utf8.GetByteCount(keyId) > MaxText)
            throw new ArgumentException($"A key id has at most {MaxText} bytes.", nameof(keyId));
        if (Utf8.GetByteCount(version) > MaxText)
            throw new ArgumentException($"A version has at most {MaxText} bytes.", nameof(version));
        if (ciphertext.Length is 0 or > MaxSize - (2 * MaxText) - 5)
            throw new ArgumentException("A wrapped key has 1 to some 60,000 bytes.", nameof(ciphertext));
        KeyId = keyId;
        Version = version;
        Ciphertext = ciphertext;
    }

    /// <summary>Id of the root key.</summary>
    public string KeyId { get; }

    /// <summary>Version of the root key.</summary>
    public string Version { get; }

    /// <summary>The wrapped key as the provider gave it.</summary>
    public ReadOnlyMemory<byte> Ciphertext { get; }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="KeyUnavailableException">It is none (<see cref="KeyFailure.Malformed"/>).</exception>
    public static WrappedKey Parse(ReadOnlySpan<byte> stored)
    {
        if (stored.Length > MaxSize || stored.IsEmpty || stored[0] != Format)
            throw Damaged();
        ReadOnlySpan<byte> rest = stored[1..];
        string keyId = ReadText(ref rest);
        string version = ReadText(ref rest);
        return rest.IsEmpty ? throw Damaged() : Make(keyId, version, rest.ToArray());
    }

    /// <summary>What to store.</summary>
    public byte[] ToBytes()
    {
        byte[] stored = new byte[1 + 2 + Utf8.GetByteCount(KeyId) + 2 + Utf8.GetByteCount(Version) + Ciphertext.Length];
        stored[0] = Format;
        Span<byte> rest = stored.AsSpan(1);
        WriteText(ref rest, KeyId);
        WriteText(ref rest, Version);
        Ciphertext.Span.CopyTo(rest);
        return stored;
    }

    private static WrappedKey Make(string keyId, string version, byte[] ciphertext)
    {
        try
        {
            return new WrappedKey(keyId, version, ciphertext);
        }
        catch (ArgumentException)
        {
            throw Damaged();
        }
    }

    private static string ReadText(ref ReadOnlySpan<byte> rest)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out ushort length) || length == 0 || rest.Length < 2 + length)
            throw Damaged();
        ReadOnlySpan<byte> text = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        try
        {
            return Utf8.GetString(text);
        }
        catch (ArgumentException)
        {
            throw Damaged();
        }
    }

    private static void WriteText(ref Span<byte> rest, string text)
    {
        int length = Utf8.GetBytes(text, rest[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)length);
        rest = rest[(2 + length)..];
    }

    private static KeyUnavailableException Damaged() =>
        new(KeyFailure.Malformed, "A stored wrapped key is damaged or of another version: restore it from its copy.");
}
