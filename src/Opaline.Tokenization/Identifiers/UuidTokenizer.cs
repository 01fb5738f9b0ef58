using System.Buffers.Binary;

namespace Opaline.Tokenization;

/// <summary>
/// Tokens of UUIDs that are UUIDs: version and variant (RFC 9562, section 4) stay and are the tweak, the other 122 bits go through FF1.
/// Any 128 bits are a UUID here. Safe for use by many threads.
/// </summary>
public sealed class UuidTokenizer : ITokenizer
{
    internal const int HiddenBits = 122;

    // From the left: 48 bits, 4 of the version, 12 bits, 2 of the variant, 62 bits.
    private const int VersionAt = 76;
    private const int VariantAt = 62;

    private readonly FieldTweak _tweak;
    private readonly Ff1 _ff1;

    /// <summary>Makes the tokenizer of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    public UuidTokenizer(FieldKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _tweak = new FieldTweak(keys);
        _ff1 = keys.Derive("ff1", 32, key => new Ff1(key, 2));
    }

    /// <summary>The token of a UUID.</summary>
    public Guid Tokenize(Guid value) => Transform(value, encrypt: true);

    /// <summary>The UUID of a token.</summary>
    public Guid Reveal(Guid token) => Transform(token, encrypt: false);

    /// <inheritdoc />
    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return CanonicalOf(value);
    }

    /// <inheritdoc />
    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return Guid.TryParseExact(canonical, "D", out Guid value) ? Tokenize(value).ToString() : null;
    }

    /// <inheritdoc />
    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Guid.TryParseExact(token, "D", out Guid value) ? Reveal(value).ToString() : null;
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        _tweak.Dispose();
        _ff1.Dispose();
    }

    /// <summary>Lower case with hyphens; braces, capitals and a missing hyphen are other spellings.</summary>
    internal static string? CanonicalOf(string value)
    {
        ReadOnlySpan<char> text = value.AsSpan().Trim();
        return Guid.TryParseExact(text, "D", out Guid uuid)
            || Guid.TryParseExact(text, "N", out uuid)
            || Guid.TryParseExact(text, "B", out uuid)
            ? uuid.ToString()
            : null;
    }

    private Guid Transform(Guid uuid, bool encrypt)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        UInt128 bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        int version = (int)(bits >> VersionAt) & 0xF;
        int variant = (int)(bits >> VariantAt) & 0x3;
        Span<byte> tweak = stackalloc byte[FieldTweak.Size];
        _tweak.Write([(char)('0' + (version / 10)), (char)('0' + (version % 10)), (char)('0' + variant)], tweak);

        UInt128 hidden = (Bits(bits, VersionAt + 4, 48) << 74) | (Bits(bits, VariantAt + 2, 12) << 62) | Bits(bits, 0, 62);
        hidden = encrypt ? _ff1.Encrypt(tweak, hidden, HiddenBits) : _ff1.Decrypt(tweak, hidden, HiddenBits);
        bits = (Bits(hidden, 74, 48) << (VersionAt + 4)) | ((UInt128)version << VersionAt) | (Bits(hidden, 62, 12) << (VariantAt + 2))
            | ((UInt128)variant << VariantAt) | Bits(hidden, 0, 62);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new Guid(bytes, bigEndian: true);
    }

    private static UInt128 Bits(UInt128 value, int from, int count) => (value >> from) & ((UInt128.One << count) - 1);
}
