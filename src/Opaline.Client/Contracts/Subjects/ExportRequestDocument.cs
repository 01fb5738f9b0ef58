namespace Opaline.Client.Contracts;

/// <summary>Body of <c>POST /subjects/{subject}/export</c>.</summary>
public sealed record ExportRequestDocument
{
    /// <summary>Why, for the audit log: 8 to 500 characters in one line, without anybody's data.</summary>
    public required string Reason { get; init; }

    /// <summary><c>json</c> (default) or <c>csv</c>.</summary>
    public string? Format { get; init; }
}
