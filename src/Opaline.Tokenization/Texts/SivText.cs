using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Opaline.Tokenization;

/// <summary>
/// Text under AES-SIV as base32hex: the synthetic IV and the ciphertext of the text, padded to 16, 32 or 64 bytes and beyond them to the next
/// multiple of 64, so that the length tells little. The same text always gives the same code. Safe for use by many threads.
/// </summary>
internal sealed class SivText : IDisposable
{
    /// <summary>The longest text, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1_023;

    private const int StackBytes = 656;
    private const byte PaddingMark = 0x80;

    private readonly AesSiv _siv;
    private readonly SivHeader _header;

    /// <param name="keys">The field's keys.</param>
    /// <param name="label">What the text is: the first part of the associated data; the tenant is the second.</param>
    public SivText(FieldKeys keys, string label)
    {
        // Not "siv": that is the long-lived join key of a scope.
        _siv = keys.Derive("siv-token", 64, key => new AesSiv(key));
        _header = _siv.Header(Encoding.UTF8.GetBytes(label), Encoding.UTF8.GetBytes(keys.Tenant));
    }

    /// <summary>The code of a text behind a prefix, or null where the text is too long or no well-formed UTF-16.</summary>
    public string? Encode(string prefix, ReadOnlySpan<char> text)
    {
        if (text.Length > MaxBytes)
            return null;
        int most = (2 * Padded(3 * text.Length)) + AesSiv.IvSize;
        byte[]? rented = null;
        Span<byte> buffer = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            if (Utf8.FromUtf16(text, buffer, out _, out int length, replaceInvalidSequences: false) != OperationStatus.Done || length > MaxBytes)
                return null;
            Span<byte> plaintext = buffer[..Padded(length)];
            plaintext[length..].Clear();
            plaintext[length] = PaddingMark;
            Span<byte> ciphertext = buffer.Slice(plaintext.Length, AesSiv.IvSize + plaintext.Length);
            _siv.Encrypt(_header, plaintext, ciphertext);
            return string.Create(
                prefix.Length + Base32Hex.LengthOf(ciphertext.Length),
                new Code(prefix, ciphertext),
                static (span, code) =>
                {
                    code.Prefix.CopyTo(span);
                    Base32Hex.Encode(code.Bytes, span[code.Prefix.Length..]);
                });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer[..most]);
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The text of a code, or null if this key did not make it.</summary>
    public string? Decode(ReadOnlySpan<char> code)
    {
        if (code.Length > Base32Hex.LengthOf(AesSiv.IvSize + Padded(MaxBytes)))
            return null;
        byte[] buffer = new byte[(code.Length * 5 / 8) + 1];
        if (!Base32Hex.TryDecode(code, buffer, out int length) || length < 2 * AesSiv.IvSize)
            return null;
        byte[] plaintext = new byte[length - AesSiv.IvSize];
        if (!_siv.TryDecrypt(_header, buffer.AsSpan(0, length), plaintext))
            return null;
        // It authenticates, so this key padded it.
        string text = Encoding.UTF8.GetString(plaintext, 0, plaintext.AsSpan().LastIndexOf(PaddingMark));
        CryptographicOperations.ZeroMemory(plaintext);
        return text;
    }

    public void Dispose() => _siv.Dispose();

    /// <summary>Bytes with padding, of which at least one is the mark.</summary>
    private static int Padded(int length) => length switch
    {
        < 16 => 16,
        < 32 => 32,
        _ => (length + 64) / 64 * 64,
    };

    private readonly ref struct Code(ReadOnlySpan<char> prefix, ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<char> Prefix { get; } = prefix;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;
    }
}
