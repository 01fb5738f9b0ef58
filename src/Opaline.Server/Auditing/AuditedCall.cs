namespace Opaline.Server.Auditing;

/// <summary>Endpoint metadata: how a call stands in the audit log.</summary>
/// <param name="Action">One of <see cref="Audit.AuditActions"/>.</param>
/// <param name="RecordedByService">Whether a success is recorded by the part that does the work, inside its own transaction.</param>
internal sealed record AuditedCall(string Action, bool RecordedByService = false);
