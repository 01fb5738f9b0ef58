namespace Opaline.Client.Contracts;

/// <summary>A person by opaque id, and the tokens of what the person has. No value.</summary>
/// <param name="SubjectId">The opaque id that was asked for.</param>
/// <param name="SubjectScope">The subject scope.</param>
/// <param name="Tokens">Tokens of this month, the person's own first.</param>
public sealed record SubjectDocument(string SubjectId, string SubjectScope, IReadOnlyList<SubjectTokenDocument> Tokens);
