namespace Opaline.Client.Contracts;

/// <summary>
/// A field to declare; the body of <c>POST /datasets/{name}/fields</c> is an array of them. What is absent takes the default of its role.
/// </summary>
public sealed record FieldDeclarationDocument
{
    /// <summary>Its path, such as <c>metadata.device</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>string</c>, <c>int64</c>, <c>decimal</c>, <c>double</c>, <c>boolean</c>, <c>timestamp</c>, <c>date</c>, <c>uuid</c> or <c>ip</c>.</summary>
    public string? Type { get; init; }

    /// <summary><c>subject</c>, <c>time</c>, <c>dimension</c>, <c>measure</c> or <c>text</c>.</summary>
    public string? Role { get; init; }

    /// <summary><c>keep</c>, <c>tokenize</c>, <c>generalize</c>, <c>mask</c>, <c>redact</c>, <c>seal</c> or <c>drop</c>.</summary>
    public string? Treatment { get; init; }

    /// <summary>With <c>generalize</c> and <c>mask</c>: which one, such as <c>month</c> or <c>keep_last:4</c>.</summary>
    public string? Generalizer { get; init; }

    /// <summary>With <c>tokenize</c>: what tokens of the values look like where a person's tokens are listed; absent: only the opaque ones are.</summary>
    public TokenFormatDocument? Format { get; init; }

    /// <summary><c>public</c>, <c>internal</c>, <c>confidential</c> or <c>restricted</c>.</summary>
    public string? Level { get; init; }

    /// <summary>A category of the fideslang taxonomy, such as <c>user.contact.email</c>.</summary>
    public string? Category { get; init; }

    /// <summary>For a dimension: its public values.</summary>
    public IReadOnlyList<string>? Domain { get; init; }

    /// <summary>For a measure: its public bounds.</summary>
    public MeasureBoundsDocument? Measure { get; init; }
}
