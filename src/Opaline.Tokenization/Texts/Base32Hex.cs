namespace Opaline.Tokenization;

/// <summary>base32hex in lower case and without padding (RFC 4648, section 7): safe in file names, URLs and DNS labels.</summary>
internal static class Base32Hex
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    public static int LengthOf(int bytes) => ((8 * bytes) + 4) / 5;

    /// <summary>The digit of five bits.</summary>
    public static char Digit(int bits) => Alphabet[bits & 31];

    /// <summary>Writes <see cref="LengthOf"/> characters.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        uint buffer = 0;
        int bits = 0;
        int at = 0;
        foreach (byte b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text[at++] = Alphabet[(int)(buffer >> (bits - 5)) & 31];
        }
        if (bits > 0)
            text[at] = Alphabet[(int)(buffer << (5 - bits)) & 31];
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, and nothing else: no other case, length or trailing bits.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        uint buffer = 0;
        int bits = 0;
        foreach (char c in text)
        {
            int digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'v' ? c - 'a' + 10 : -1;
            if (digit < 0)
                return false;
            buffer = (buffer << 5) | (uint)digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
            }
        }
        return (buffer & ((1u << bits) - 1)) == 0 && LengthOf(written) == text.Length;
    }
}
