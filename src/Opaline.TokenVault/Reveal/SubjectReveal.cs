namespace Opaline.TokenVault;

/// <summary>That somebody saw a value of a person.</summary>
/// <param name="AuditSequence">Place of its record in the audit log.</param>
/// <param name="Field">The field of the value; null: who the person is, or, in an export, everything.</param>
public sealed record SubjectReveal(long AuditSequence, string? Field);
