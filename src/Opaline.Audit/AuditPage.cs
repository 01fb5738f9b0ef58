namespace Opaline.Audit;

/// <summary>A page of a search, newest first.</summary>
/// <param name="Entries">The records.</param>
/// <param name="Next">The cursor of the next page, or null if this is the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Next);
