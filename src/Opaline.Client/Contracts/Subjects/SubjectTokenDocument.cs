namespace Opaline.Client.Contracts;

/// <summary>The token of a value that a person has.</summary>
/// <param name="Field">The field; absent for the person itself.</param>
/// <param name="Token">The token.</param>
public sealed record SubjectTokenDocument(string? Field, string Token);
