namespace Opaline.Tokenization;

/// <summary>
/// Tokens that have the outline of their values: <c>AT-1034-77</c> becomes <c>AT-8820-77</c>. Cards and national ids are such templates of
/// digits.
/// </summary>
internal sealed class TemplateTokenizer : ITokenizer
{
    private readonly TemplateCipher _cipher;
    private readonly Func<string, string?> _canonical;
    private readonly string _context;

    public TemplateTokenizer(FieldKeys keys, TokenFormat format)
    {
        bool isSsn = format.Values == ValueKind.NationalId && NationalId.IsSsn(format);
        _cipher = new TemplateCipher(keys, TemplateShape.Of(format), isSsn ? NationalId.IsIssuableSsn : null);
        _context = format.Country ?? "";
        _canonical = format.Values switch
        {
            ValueKind.Card => value => CanonicalForm.TryOf(TokenKind.Card, value),
            ValueKind.NationalId => NationalId.Canonical,
            // What stands between the characters is a part of the value: it has one spelling.
            _ => value => value,
        };
    }

    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _canonical(value);
    }

    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return _cipher.Encrypt(canonical, _context);
    }

    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _cipher.Decrypt(token, _context);
    }

    public void Dispose() => _cipher.Dispose();
}
