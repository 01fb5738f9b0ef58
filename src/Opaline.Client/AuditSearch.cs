namespace Opaline.Client;

/// <summary>Parameters of <c>GET /audit</c>; what is null does not filter.</summary>
public sealed record AuditSearch
{
    /// <summary>The actor.</summary>
    public string? Actor { get; init; }

    /// <summary>The action, such as <c>data_access</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The earliest time, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>The time, UTC, that all records are before.</summary>
    public DateTime? To { get; init; }

    /// <summary>Most records of a page; 1 to 1,000.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the last page ended.</summary>
    public string? Cursor { get; init; }
}
