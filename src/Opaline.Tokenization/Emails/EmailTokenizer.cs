namespace Opaline.Tokenization;

/// <summary>
/// Tokens of e-mail addresses that look like addresses: letters and digits of the local part go through FF1 under a tweak of the domain, <c>.</c>,
/// <c>+</c>, <c>-</c> and <c>_</c> stay, and the domain is shown as far as the policy says. A local part with fewer than four letters
/// and digits, or with other characters, becomes an AES-SIV token of the whole address.
/// </summary>
internal sealed class EmailTokenizer : ITokenizer
{
    /// <summary>What is hidden of a local part: 36^4 is the smallest such domain that FF1 allows.</summary>
    public static readonly TemplateShape LocalShape = new(TemplateShape.LocalPart, ".+-_", 0, 0, 4, 64);

    private readonly TemplateCipher _local;
    private readonly DomainToken _domain;
    private readonly SivTokenizer _siv;

    public EmailTokenizer(FieldKeys keys, TokenFormat format)
    {
        _local = new TemplateCipher(keys, LocalShape);
        _domain = new DomainToken(keys, format);
        _siv = new SivTokenizer(keys, ValueKind.Email);
    }

    public string? Canonical(string value) => _siv.Canonical(value);

    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        int at = canonical.LastIndexOf('@');
        if (at < 1 || at == canonical.Length - 1)
            return null;
        string domain = canonical[(at + 1)..];
        return _local.Encrypt(canonical.AsSpan(0, at), domain) is { } local && _domain.Of(domain) is { } shown
            ? $"{local}@{shown}"
            : _siv.Tokenize(canonical);
    }

    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        int at = token.LastIndexOf('@');
        if (at < 0)
            return _siv.Reveal(token);
        return _domain.Reveal(token[(at + 1)..]) is { } domain && _local.Decrypt(token.AsSpan(0, at), domain) is { } local
            ? $"{local}@{domain}"
            : null;
    }

    public void Dispose()
    {
        _local.Dispose();
        _domain.Dispose();
        _siv.Dispose();
    }
}
