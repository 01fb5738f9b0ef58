using System.Collections.Immutable;

namespace Opaline.Tokenization;

/// <summary>
/// Replaces values by words of a dictionary: a keyed hash chooses, so the same value always gets the same word, many values share one, and nobody
/// gets a value back. For names on screens and in test data. Safe for use by many threads.
/// </summary>
public sealed class WordReplacement : IDisposable
{
    private readonly FieldHash _hash;
    private readonly ImmutableArray<string> _words;

    /// <summary>Makes the replacement of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    /// <param name="words">At least two different words. Another list means other words for the same values.</param>
    public WordReplacement(FieldKeys keys, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        _words = [.. words];
        if (_words.Length < 2 || _words.Any(string.IsNullOrWhiteSpace) || _words.Distinct(StringComparer.Ordinal).Count() != _words.Length)
            throw new ArgumentException("A dictionary has at least two words, none of them blank or listed twice.", nameof(words));
        _hash = new FieldHash(keys, "words");
    }

    /// <summary>The word of a value; spellings of one value share it.</summary>
    public string Replace(TokenKind kind, string value) =>
        _words[(int)(_hash.Of(CanonicalForm.Of(kind, value)) % (ulong)_words.Length)];

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _hash.Dispose();
}
