using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// A display token taken apart: <c>&lt;prefix&gt;&lt;version&gt;_&lt;code&gt;</c>, the code 26 digits of base32hex. Whether there is an entry behind it, only the key of
/// its scope and version tells (<see cref="DisplayKey.TryOpen"/>).
/// </summary>
/// <param name="Kind">What the prefix says.</param>
/// <param name="Version">Version of the key, from 1.</param>
/// <param name="Code">The encrypted block.</param>
public readonly record struct DisplayToken(TokenKind Kind, int Version, UInt128 Code)
{
    /// <summary>Characters of the longest token.</summary>
    public const int MaxLength = 3 + VersionDigits + 1 + CodeLength;

    private const int VersionDigits = 6;
    private const int CodeLength = 26;

    private static readonly (string Prefix, TokenKind Kind)[] Prefixes =
    [
        ("sub", TokenKind.Identifier), ("txt", TokenKind.Text), ("em", TokenKind.Email), ("ph", TokenKind.Phone), ("ip", TokenKind.Ip), ("cc", TokenKind.Card),
        ("ib", TokenKind.Iban),
    ];

    /// <summary>Reads a token exactly as <see cref="DisplayKey.Token"/> writes it; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DisplayToken token)
    {
        token = default;
        if (text is null || text.Length > MaxLength)
            return false;
        foreach ((string prefix, TokenKind kind) in Prefixes)
        {
            if (!text.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            int end = text.Length - CodeLength - 1;
            if (end <= prefix.Length || text[end] != '_')
                return false;
            ReadOnlySpan<char> digits = text.AsSpan(prefix.Length..end);
            if (digits.Length > VersionDigits || digits[0] == '0' || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
                return false;
            if (!TryRead(text.AsSpan(end + 1), out UInt128 code))
                return false;
            token = new DisplayToken(kind, version, code);
            return true;
        }

        return false;
    }

    /// <summary>Version and code without the prefix, which is no part of what the key vouches for: the same text for every spelling of one token.</summary>
    public string Canonical => Write(string.Create(CultureInfo.InvariantCulture, $"{Version}_"), Code);

    internal static string Write(string prefix, UInt128 code)
    {
        Span<char> digits = stackalloc char[CodeLength];
        // 26 digits of 5 bits hold 130 bits: the first two are zero.
        for (int i = CodeLength - 1; i >= 0; i--, code >>= 5)
            digits[i] = Base32Hex.Digit((int)code & 31);
        return string.Concat(prefix, digits);
    }

    internal static string Prefix(TokenKind kind)
    {
        foreach ((string prefix, TokenKind known) in Prefixes)
        {
            if (known == kind)
                return prefix;
        }

        throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of value.");
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out UInt128 code)
    {
        code = 0;
        foreach (char digit in digits)
        {
            int value = digit is >= '0' and <= '9' ? digit - '0' : digit is >= 'a' and <= 'v' ? digit - 'a' + 10 : -1;
            if (value < 0 || code >> 123 != 0)
                return false;
            code = (code << 5) | (uint)value;
        }

        return true;
    }
}
