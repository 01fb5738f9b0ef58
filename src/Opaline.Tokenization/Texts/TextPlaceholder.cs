namespace Opaline.Tokenization;

/// <summary>
/// One-way placeholders such as <c>&lt;NAME_4f7k2q9r&gt;</c>: the same value always gets the same one, so a reader sees who is who in a text, and
/// nobody gets a value back. 40 bits: among a million values, one pair in two is expected to share a placeholder. Safe for use by many threads.
/// </summary>
public sealed class TextPlaceholder : IDisposable
{
    private const int CodeLength = 8;

    private readonly FieldHash _hash;
    private readonly string _label;

    /// <summary>Makes the placeholders of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    /// <param name="label">What stands in their place: 1 to 32 of A-Z, 0-9 and _.</param>
    public TextPlaceholder(FieldKeys keys, string label)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        if (label.Length > 32 || !label.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            throw new ArgumentException("A label has 1 to 32 characters of A-Z, 0-9 and _.", nameof(label));
        _label = label;
        _hash = new FieldHash(keys, "placeholder");
    }

    /// <summary>The placeholder of a value; spellings of one value share it.</summary>
    public string Of(TokenKind kind, string value)
    {
        ulong bits = _hash.Of(CanonicalForm.Of(kind, value));
        return string.Create(_label.Length + CodeLength + 3, (_label, bits), static (text, state) =>
        {
            text[0] = '<';
            state._label.CopyTo(text[1..]);
            text[state._label.Length + 1] = '_';
            for (int i = 0; i < CodeLength; i++)
                text[state._label.Length + 2 + i] = Base32Hex.Digit((int)(state.bits >> (5 * i)) & 31);
            text[^1] = '>';
        });
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _hash.Dispose();
}
