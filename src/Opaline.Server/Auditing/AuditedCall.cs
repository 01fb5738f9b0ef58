namespace Opaline.Server.Auditing;

/// <summary>Endpoint metadata: how a call stands in the audit log.</summary>
/// <param name="Action">One of <see cref="Audit.AuditActions"/>.</param>
internal sealed record AuditedCall(string Action);
