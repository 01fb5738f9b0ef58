namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>POST /subjects/lookup</c>.</summary>
/// <param name="SubjectId">The opaque id, or null if nobody of that identifier is known.</param>
public sealed record LookupDocument(string? SubjectId);
