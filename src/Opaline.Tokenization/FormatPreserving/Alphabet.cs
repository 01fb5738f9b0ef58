namespace Opaline.Tokenization;

/// <summary>The characters that a format-preserving token is written in; each stands for the digit of its place. Immutable.</summary>
public sealed class Alphabet
{
    private const ushort Foreign = ushort.MaxValue;

    private readonly char[] _characters;
    private readonly ushort[] _digits;

    /// <summary>
    /// Makes an alphabet of at least two distinct characters of the Basic Multilingual Plane (no surrogates), of which 63,488 exist.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer than two, one stands twice, or one is a surrogate.</exception>
    public Alphabet(ReadOnlySpan<char> characters)
    {
        if (characters.Length < 2)
            throw new ArgumentException("An alphabet has at least two characters.", nameof(characters));
        int last = 0;
        foreach (char c in characters)
        {
            if (char.IsSurrogate(c))
                throw new ArgumentException("An alphabet has no surrogates: half a character is no text.", nameof(characters));
            last = Math.Max(last, c);
        }
        _characters = characters.ToArray();
        _digits = new ushort[last + 1];
        Array.Fill(_digits, Foreign);
        for (int digit = 0; digit < _characters.Length; digit++)
        {
            ref ushort place = ref _digits[_characters[digit]];
            if (place != Foreign)
                throw new ArgumentException("A character stands twice in the alphabet.", nameof(characters));
            place = (ushort)digit;
        }
    }

    /// <summary>The decimal digits, <c>0-9</c>.</summary>
    public static Alphabet Decimal { get; } = new("0123456789");

    /// <summary>The decimal digits and the small Latin letters, <c>0-9a-z</c>.</summary>
    public static Alphabet Alphanumeric { get; } = new("0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>How many characters there are.</summary>
    public int Radix => _characters.Length;

    /// <summary>Whether the character belongs to it.</summary>
    public bool Contains(char character) => character < _digits.Length && _digits[character] != Foreign;

    /// <summary>Reads a text's digits, or returns false at a character that is not of the alphabet.</summary>
    /// <exception cref="ArgumentException"><paramref name="digits"/> are not as many as the text's characters.</exception>
    public bool TryRead(ReadOnlySpan<char> text, Span<ushort> digits)
    {
        CheckLengths(text.Length, digits.Length, nameof(digits));
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            ushort digit = c < _digits.Length ? _digits[c] : Foreign;
            if (digit == Foreign)
                return false;
            digits[i] = digit;
        }
        return true;
    }

    /// <summary>Writes digits as text.</summary>
    /// <exception cref="ArgumentException">A digit is not below the radix, or <paramref name="text"/> of another length.</exception>
    public void Write(ReadOnlySpan<ushort> digits, Span<char> text)
    {
        CheckLengths(digits.Length, text.Length, nameof(text));
        if (digits.ContainsAnyExceptInRange((ushort)0, (ushort)(Radix - 1)))
            throw new ArgumentException("A digit is not below the radix.", nameof(digits));
        for (int i = 0; i < digits.Length; i++)
            text[i] = _characters[digits[i]];
    }

    private static void CheckLengths(int from, int to, string parameter)
    {
        if (from != to)
            throw new ArgumentException("Text and digits have one length.", parameter);
    }
}
