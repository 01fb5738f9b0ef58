using System.Collections.Immutable;

namespace Opaline.Tokenization;

/// <summary>
/// How the values of a field become tokens, as it is declared. A declaration alone is harmless: <see cref="FormatRules.Check"/> says whether
/// it is legal, and <see cref="CreateTokenizer"/> refuses one that is not.
/// </summary>
/// <param name="Values">What the values are.</param>
/// <param name="Method">How tokens are made.</param>
public sealed record TokenFormat(ValueKind Values, TokenMethod Method)
{
    /// <summary>For a template: the characters that are hidden, each once, 2 to 65,536 of them; null for other kinds.</summary>
    public string? Alphabet { get; init; }

    /// <summary>For a template: characters that stay where they are and are not counted.</summary>
    public string Separators { get; init => field = value ?? ""; } = "";

    /// <summary>How many characters of the alphabet stay readable at the beginning. Of a phone: of the digits after the country code.</summary>
    public int KeepPrefix { get; init; }

    /// <summary>How many characters of the alphabet stay readable at the end.</summary>
    public int KeepSuffix { get; init; }

    /// <summary>Fewest characters of the alphabet that a value has, kept ones included. For cards, national ids and templates.</summary>
    public int MinLength { get; init; }

    /// <summary>Most characters of the alphabet that a value has, at most 256. For cards, national ids and templates.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether a token has the Luhn remainder of its value: a valid number stays valid, an invalid one invalid.</summary>
    public bool Luhn { get; init; }

    /// <summary>
    /// ISO 3166-1 alpha-2. Of a national id: whose it is. Of a phone: where numbers without a country code belong; null: nowhere.
    /// </summary>
    public string? Country { get; init; }

    /// <summary>For integers: the smallest value.</summary>
    public long Least { get; init; } = long.MinValue;

    /// <summary>For integers: the largest value.</summary>
    public long Greatest { get; init; } = long.MaxValue;

    /// <summary>For e-mail addresses that keep their format: what is shown of the domain.</summary>
    public DomainPolicy Domain { get; init; }

    /// <summary>For e-mail addresses: the allowed domains or the public suffixes, in lower case.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>Whether the other format says the same; unlike equality, it compares the lists of domains by what they hold.</summary>
    public bool IsSame(TokenFormat? other) =>
        other is not null && this == other with { Domains = Domains } && Domains.AsSpan().SequenceEqual(other.Domains.AsSpan());

    /// <summary>What a field of these values gets where nothing else is declared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind has no default: a template and a national id have to be declared.</exception>
    public static TokenFormat DefaultFor(ValueKind values) => values switch
    {
        ValueKind.Phone => new(values, TokenMethod.FormatPreserving),
        ValueKind.Card => new(values, TokenMethod.FormatPreserving) { KeepSuffix = 4, MinLength = 12, MaxLength = 19, Luhn = true },
        ValueKind.Uuid or ValueKind.Integer => new(values, TokenMethod.FormatPreserving),
        ValueKind.Ip => new(values, TokenMethod.IpPrefix),
        ValueKind.Template or ValueKind.NationalId =>
            throw new ArgumentOutOfRangeException(nameof(values), values, "Declare its length."),
        _ => new(values, TokenMethod.Siv),
    };

    /// <summary>Makes the tokenizer of a field.</summary>
    /// <param name="keys">The field's keys; they are read here and not held.</param>
    /// <exception cref="IllegalFormatException">The format is refused by <see cref="FormatRules.Check"/>.</exception>
    public ITokenizer CreateTokenizer(FieldKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        FormatVerdict verdict = FormatRules.Check(this);
        if (!verdict.IsLegal)
            throw new IllegalFormatException(verdict);
        return (Values, Method) switch
        {
            (_, TokenMethod.Siv) => new SivTokenizer(keys, Values),
            (ValueKind.Email, _) => new EmailTokenizer(keys, this),
            (ValueKind.Phone, _) => new PhoneTokenizer(keys, this),
            (ValueKind.Uuid, _) => new UuidTokenizer(keys),
            (ValueKind.Integer, _) => new IntegerTokenizer(keys, Least, Greatest),
            (ValueKind.Ip, _) => new IpTokenizer(keys, Method),
            _ => new TemplateTokenizer(keys, this),
        };
    }
}
