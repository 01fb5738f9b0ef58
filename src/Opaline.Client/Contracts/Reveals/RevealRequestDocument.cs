namespace Opaline.Client.Contracts;

/// <summary>Body of <c>POST /tokens/reveal</c>: one token or several.</summary>
public sealed record RevealRequestDocument
{
    /// <summary>One token.</summary>
    public string? Token { get; init; }

    /// <summary>Several tokens, in the place of one.</summary>
    public IReadOnlyList<string>? Tokens { get; init; }

    /// <summary>Why, for the audit log: 8 to 500 characters in one line, without anybody's data.</summary>
    public required string Reason { get; init; }
}
