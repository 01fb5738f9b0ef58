using System.Buffers;

namespace Opaline.Tokenization;

/// <summary>
/// FF1 on the hidden characters of a text: separators and kept characters stay, and all that stays is bound into the tweak. A permutation of
/// the texts of each outline. Safe for use by many threads.
/// </summary>
/// <remarks>
/// The Luhn remainder is kept by enciphering inside its class (rank-then-encipher: Bellare, Ristenpart, Rogaway, Stegers 2009): all hidden digits
/// but the last go through FF1, and the last is the one that gives the remainder. That is a permutation of the class, as cycle-walking
/// inside it would be, for one call instead of ten, and in a time that tells nothing.
/// </remarks>
internal sealed class TemplateCipher : IDisposable
{
    /// <summary>The longest text, separators included.</summary>
    public const int LongestText = 1_024;

    private const int LongestContext = 320;

    private readonly TemplateShape _shape;
    private readonly Alphabet _alphabet;
    private readonly SearchValues<char> _separators;
    private readonly FieldTweak _tweak;
    private readonly Ff1 _ff1;
    private readonly Func<ReadOnlySpan<ushort>, bool>? _class;

    /// <param name="keys">The field's keys.</param>
    /// <param name="shape">A legal shape: see <see cref="FormatRules"/>.</param>
    /// <param name="inClass">A class of numerals that a token is in exactly if its value is (by cycle-walking); null: none. It must not be
    /// rare: the walk takes as many steps as the smaller class is rarer than the whole.</param>
    public TemplateCipher(FieldKeys keys, TemplateShape shape, Func<ReadOnlySpan<ushort>, bool>? inClass = null)
    {
        _shape = shape;
        _alphabet = new Alphabet(shape.Alphabet);
        _separators = SearchValues.Create(shape.Separators);
        _class = inClass;
        _tweak = new FieldTweak(keys);
        _ff1 = keys.Derive("ff1", 32, key => new Ff1(key, _alphabet.Radix));
    }

    /// <summary>Writes the token of a text, which has its length; false if the text does not have the shape.</summary>
    /// <param name="text">The text.</param>
    /// <param name="context">What else stays readable around it.</param>
    /// <param name="token">As long as the text.</param>
    public bool TryEncrypt(ReadOnlySpan<char> text, ReadOnlySpan<char> context, Span<char> token) => Transform(true, text, context, token);

    /// <summary>Writes the text of a token; false if the token does not have the shape.</summary>
    public bool TryDecrypt(ReadOnlySpan<char> token, ReadOnlySpan<char> context, Span<char> text) => Transform(false, token, context, text);

    /// <summary>The token of a text, or null if the text does not have the shape.</summary>
    public string? Encrypt(ReadOnlySpan<char> text, ReadOnlySpan<char> context) => Text(true, text, context);

    /// <summary>The text of a token, or null if the token does not have the shape.</summary>
    public string? Decrypt(ReadOnlySpan<char> token, ReadOnlySpan<char> context) => Text(false, token, context);

    public void Dispose()
    {
        _tweak.Dispose();
        _ff1.Dispose();
    }

    private string? Text(bool encrypt, ReadOnlySpan<char> from, ReadOnlySpan<char> context)
    {
        Span<char> to = stackalloc char[Math.Min(from.Length, LongestText)];
        return Transform(encrypt, from, context, to) ? to.ToString() : null;
    }

    private bool Transform(bool encrypt, ReadOnlySpan<char> from, ReadOnlySpan<char> context, Span<char> to)
    {
        if (from.Length > LongestText)
            return false;
        Span<char> characters = stackalloc char[TemplateShape.LongestLength];
        Span<ushort> numerals = stackalloc ushort[TemplateShape.LongestLength];
        int count = Read(from, characters);
        if (count < _shape.MinLength || !_alphabet.TryRead(characters[..count], numerals[..count]))
            return false;
        characters = characters[..count];
        numerals = numerals[..count];
        int remainder = _shape.Luhn ? Luhn.Remainder(numerals) : -1;
        Span<byte> tweak = stackalloc byte[FieldTweak.Size];
        WriteTweak(characters, context, remainder, tweak);

        Span<ushort> hidden = numerals[_shape.KeepPrefix..^_shape.KeepSuffix];
        if (_shape.Luhn)
        {
            Cipher(encrypt, hidden[..^1], tweak);
            Luhn.SetRemainder(numerals, count - _shape.KeepSuffix - 1, remainder);
        }
        else
        {
            bool inClass = _class is null || _class(numerals);
            do
                Cipher(encrypt, hidden, tweak);
            while (_class is not null && _class(numerals) != inClass);
        }
        _alphabet.Write(numerals, characters);
        Write(from, characters, to);
        return true;
    }

    private void Cipher(bool encrypt, Span<ushort> numerals, ReadOnlySpan<byte> tweak)
    {
        if (encrypt)
            _ff1.Encrypt(tweak, numerals, numerals);
        else
            _ff1.Decrypt(tweak, numerals, numerals);
    }

    /// <summary>The characters between the separators, of which there are as many as returned; -1 if they are too many.</summary>
    private int Read(ReadOnlySpan<char> text, Span<char> characters)
    {
        int count = 0;
        foreach (char c in text)
        {
            if (_separators.Contains(c))
                continue;
            if (count == _shape.MaxLength)
                return -1;
            characters[count++] = c;
        }
        return count;
    }

    private void Write(ReadOnlySpan<char> from, ReadOnlySpan<char> characters, Span<char> to)
    {
        int at = 0;
        for (int i = 0; i < from.Length; i++)
            to[i] = _separators.Contains(from[i]) ? from[i] : characters[at++];
    }

    private void WriteTweak(ReadOnlySpan<char> characters, ReadOnlySpan<char> context, int remainder, Span<byte> tweak)
    {
        int length = context.Length + _shape.KeepPrefix + _shape.KeepSuffix + 1;
        Span<char> kept = length <= LongestContext ? stackalloc char[LongestContext] : new char[length];
        context.CopyTo(kept);
        characters[.._shape.KeepPrefix].CopyTo(kept[context.Length..]);
        characters[^_shape.KeepSuffix..].CopyTo(kept[(context.Length + _shape.KeepPrefix)..]);
        kept[length - 1] = (char)('0' + remainder);
        _tweak.Write(kept[..(remainder < 0 ? length - 1 : length)], tweak);
    }
}
