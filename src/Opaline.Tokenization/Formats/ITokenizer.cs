namespace Opaline.Tokenization;

/// <summary>
/// Makes reversible tokens of the values of one field and opens them again. Equal values get equal tokens and different ones different ones,
/// unless the format says otherwise. None of its methods throws for any text. Safe for use by many threads.
/// </summary>
public interface ITokenizer : IDisposable
{
    /// <summary>The one spelling of all spellings of a value, or null if the value is not of the field's kind.</summary>
    string? Canonical(string value);

    /// <summary>
    /// The token of a canonical value, or null if the value does not have the field's format. It does not look for the canonical spelling
    /// again: another spelling may get another token.
    /// </summary>
    string? Tokenize(string canonical);

    /// <summary>
    /// The canonical value of a token, or null if this field's keys made no such token. A format-preserving token carries no proof: one that
    /// was altered may open as another value of the same format.
    /// </summary>
    string? Reveal(string token);
}
