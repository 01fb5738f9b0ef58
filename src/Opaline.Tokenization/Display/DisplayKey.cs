using System.Buffers.Binary;
using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// Makes a dictionary entry's display token: prefix, key version, <c>_</c> and AES of the entry id in base32hex, such as
/// <c>sub323_…</c>. Computed when shown and never stored, so a new monthly key writes nothing and breaks no join. Safe for use by many threads.
/// </summary>
public sealed class DisplayKey : IDisposable
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    private const int CodeLength = 26;

    private readonly IAesBlocks _aes;
    private readonly string _prefix;

    /// <summary>Makes a display key of 32 bytes, which are copied.</summary>
    /// <param name="key">The scope's key of that version.</param>
    /// <param name="kind">Decides the prefix.</param>
    /// <param name="version">Version of the key.</param>
    public DisplayKey(ReadOnlySpan<byte> key, TokenKind kind, int version)
    {
        if (key.Length != Size)
            throw new ArgumentException("A display key has 32 bytes.", nameof(key));
        _aes = AesBlocks.Create(key);
        _prefix = string.Create(CultureInfo.InvariantCulture, $"{Prefix(kind)}{version}_");
    }

    /// <summary>Version of the key of a month (UTC): year and month in one number, so that no state is needed.</summary>
    public static int VersionOf(DateTimeOffset instant)
    {
        DateTime utc = instant.UtcDateTime;
        return ((utc.Year - 2000) * 12) + utc.Month;
    }

    /// <summary>The token of an entry.</summary>
    public string Token(long entryId)
    {
        Span<byte> block = stackalloc byte[AesBlocks.BlockSize];
        block.Clear();
        BinaryPrimitives.WriteInt64BigEndian(block, entryId);
        _aes.Encrypt(block, block);
        UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(block);
        Span<char> code = stackalloc char[CodeLength];
        // 26 digits of 5 bits hold 130 bits: the first two are zero.
        for (int i = CodeLength - 1; i >= 0; i--, bits >>= 5)
            code[i] = Base32Hex.Digit((int)bits & 31);
        return string.Concat(_prefix, code);
    }

    /// <summary>Zeroes the key schedule.</summary>
    public void Dispose() => _aes.Dispose();

    private static string Prefix(TokenKind kind) => kind switch
    {
        TokenKind.Identifier => "sub",
        TokenKind.Text => "txt",
        TokenKind.Email => "em",
        TokenKind.Phone => "ph",
        TokenKind.Ip => "ip",
        TokenKind.Card => "cc",
        TokenKind.Iban => "ib",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of value."),
    };
}
