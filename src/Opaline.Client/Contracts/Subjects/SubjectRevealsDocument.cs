namespace Opaline.Client.Contracts;

/// <summary>Who saw a person's values, newest first.</summary>
/// <param name="SubjectId">The opaque id that was asked for.</param>
/// <param name="Reveals">At most 1,000.</param>
public sealed record SubjectRevealsDocument(string SubjectId, IReadOnlyList<SubjectRevealDocument> Reveals);
