namespace Opaline.TokenVault;

/// <summary>What is behind a token.</summary>
/// <param name="Token">The token as it was asked for.</param>
/// <param name="Field">The field that the value was in, or null if it identifies a person or is not there.</param>
/// <param name="Value">The value as it came; null: unknown, erased and foreign tokens are alike.</param>
public sealed record RevealedValue(string Token, string? Field, string? Value);
