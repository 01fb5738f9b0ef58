using System.Globalization;

namespace Opaline.Tokenization;

/// <summary>
/// AES-SIV tokens such as <c>em3_7kq…</c>: two letters for the kind, the version of the keys, <c>_</c> and the code of the canonical value.
/// They authenticate: a token that was altered does not open.
/// </summary>
internal sealed class SivTokenizer : ITokenizer
{
    private readonly ValueKind _values;
    private readonly string _prefix;
    private readonly SivText _text;

    public SivTokenizer(FieldKeys keys, ValueKind values)
    {
        _values = values;
        (string prefix, string label) = Names(values);
        _prefix = string.Create(CultureInfo.InvariantCulture, $"{prefix}{keys.Version}_");
        _text = new SivText(keys, label);
    }

    public string? Canonical(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _values switch
        {
            ValueKind.Email => CanonicalForm.TryOf(TokenKind.Email, value),
            ValueKind.Phone => CanonicalForm.TryOf(TokenKind.Phone, value),
            ValueKind.Card => CanonicalForm.TryOf(TokenKind.Card, value),
            ValueKind.Ip => CanonicalForm.TryOf(TokenKind.Ip, value),
            ValueKind.Uuid => UuidTokenizer.CanonicalOf(value),
            ValueKind.Integer => IntegerTokenizer.CanonicalOf(value),
            ValueKind.NationalId => NationalId.Canonical(value),
            _ => CanonicalForm.Of(TokenKind.Text, value),
        };
    }

    public string? Tokenize(string canonical)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return _text.Encode(_prefix, canonical);
    }

    public string? Reveal(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.StartsWith(_prefix, StringComparison.Ordinal) ? _text.Decode(token.AsSpan(_prefix.Length)) : null;
    }

    public void Dispose() => _text.Dispose();

    /// <summary>Prefix of tokens and label of the associated data. Stable: they are part of every token.</summary>
    private static (string Prefix, string Label) Names(ValueKind values) => values switch
    {
        ValueKind.Email => ("em", "email"),
        ValueKind.Phone => ("ph", "phone"),
        ValueKind.Name => ("nm", "name"),
        ValueKind.Text => ("tx", "text"),
        ValueKind.Card => ("cc", "card"),
        ValueKind.NationalId => ("ni", "national_id"),
        ValueKind.Uuid => ("uu", "uuid"),
        ValueKind.Integer => ("in", "integer"),
        ValueKind.Ip => ("ip", "ip"),
        ValueKind.Template => ("te", "template"),
        ValueKind.Date => ("dt", "date"),
        ValueKind.PostalCode => ("pc", "postal_code"),
        ValueKind.Gender => ("ge", "gender"),
        ValueKind.Country => ("co", "country"),
        ValueKind.Boolean => ("bo", "boolean"),
        _ => throw new ArgumentOutOfRangeException(nameof(values), values, "Unknown kind of value."),
    };
}
