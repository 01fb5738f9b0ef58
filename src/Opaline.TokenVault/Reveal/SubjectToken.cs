namespace Opaline.TokenVault;

/// <summary>A value that a person has, as its display token of the primary version.</summary>
/// <param name="Field">The field; null: the person itself.</param>
/// <param name="Token">The token.</param>
/// <param name="Formatted">A token in the format that the field declares, or null: to look at and to test with, since nothing opens it.</param>
public sealed record SubjectToken(string? Field, string Token, string? Formatted = null);
