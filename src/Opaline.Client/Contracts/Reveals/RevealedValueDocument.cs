namespace Opaline.Client.Contracts;

/// <summary>What is behind a token.</summary>
/// <param name="Token">The token.</param>
/// <param name="Field">The field that the value was in; absent if it identifies a person, or is not there.</param>
/// <param name="Value">The value as it came; absent for unknown, erased and foreign tokens alike.</param>
public sealed record RevealedValueDocument(string Token, string? Field, string? Value);
