namespace Opaline.Client.Contracts;

/// <summary>The token of a value that a person has.</summary>
/// <param name="Field">The field; absent for the person itself.</param>
/// <param name="Token">The token.</param>
/// <param name="Formatted">A token in the format that the field declares, else absent: to look at and to test with, since nothing opens it.</param>
public sealed record SubjectTokenDocument(string? Field, string Token, string? Formatted = null);
