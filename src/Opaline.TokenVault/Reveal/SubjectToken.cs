namespace Opaline.TokenVault;

/// <summary>A value that a person has, as its display token of the primary version.</summary>
/// <param name="Field">The field; null: the person itself.</param>
/// <param name="Token">The token.</param>
public sealed record SubjectToken(string? Field, string Token);
