namespace Opaline.Client.Contracts;

/// <summary>
/// What the tokens of a field look like. What is absent takes the default of the values. A format whose tokens could stand for fewer than 1,000,000 values is
/// refused with what to declare instead.
/// </summary>
public sealed record TokenFormatDocument
{
    /// <summary>
    /// <c>email</c>, <c>phone</c>, <c>name</c>, <c>text</c>, <c>card</c>, <c>national_id</c>, <c>uuid</c>, <c>integer</c>, <c>ip</c> or <c>template</c>;
    /// <c>date</c>, <c>postal_code</c>, <c>gender</c>, <c>country</c> and <c>boolean</c> have too few values for any other method than <c>siv</c>.
    /// </summary>
    public required string Values { get; init; }

    /// <summary><c>siv</c>, <c>format_preserving</c> (FF1), <c>ip_prefix</c>, <c>ip_deterministic</c> or <c>ip_non_deterministic</c> (ipcrypt).</summary>
    public string? Method { get; init; }

    /// <summary>For a template: the characters that are hidden, each once, 2 to 65,536 of them.</summary>
    public string? Alphabet { get; init; }

    /// <summary>For a template: characters that stay where they are and are not counted.</summary>
    public string? Separators { get; init; }

    /// <summary>How many characters stay readable at the beginning; of a phone, of the digits after the country code.</summary>
    public int? KeepPrefix { get; init; }

    /// <summary>How many characters stay readable at the end.</summary>
    public int? KeepSuffix { get; init; }

    /// <summary>For cards, national ids and templates: fewest characters of the alphabet, kept ones included.</summary>
    public int? MinLength { get; init; }

    /// <summary>For cards, national ids and templates: most characters of the alphabet, at most 256.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether a token has the Luhn remainder of its value.</summary>
    public bool? Luhn { get; init; }

    /// <summary>ISO 3166-1 alpha-2: whose national id it is; where phone numbers without a country code belong.</summary>
    public string? Country { get; init; }

    /// <summary>For integers: the smallest value.</summary>
    public long? Least { get; init; }

    /// <summary>For integers: the largest value.</summary>
    public long? Greatest { get; init; }

    /// <summary>For e-mail addresses in their format: what is shown of the domain, <c>allow_listed</c>, <c>none</c>, <c>public_suffix</c> or <c>full</c>.</summary>
    public string? Domain { get; init; }

    /// <summary>For e-mail addresses in their format: the allowed domains or the public suffixes, in lower case.</summary>
    public IReadOnlyList<string>? Domains { get; init; }
}
