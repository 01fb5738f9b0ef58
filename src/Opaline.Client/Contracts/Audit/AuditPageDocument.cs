namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>GET /audit</c>, newest first.</summary>
/// <param name="Records">The records.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null at the end.</param>
public sealed record AuditPageDocument(IReadOnlyList<AuditRecordDocument> Records, string? NextCursor);
