namespace Opaline.Client.Contracts;

/// <summary>One record of the audit log that says that somebody saw a value of a person.</summary>
/// <param name="Seq">Place of the record in the log.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who saw it.</param>
/// <param name="Action"><c>token_reveal</c>, or <c>subject_export</c> for everything.</param>
/// <param name="Field">The field of the value; absent for the identifier itself, and for everything.</param>
/// <param name="Reason">The reason that was given.</param>
public sealed record SubjectRevealDocument(long Seq, DateTime At, string Actor, string Action, string? Field, string? Reason);
