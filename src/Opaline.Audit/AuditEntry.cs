namespace Opaline.Audit;

/// <summary>A durable record.</summary>
/// <param name="Sequence">Its place in the log, growing.</param>
/// <param name="At">When it was written, UTC.</param>
/// <param name="Record">What it says.</param>
public sealed record AuditEntry(long Sequence, DateTime At, AuditRecord Record);
