namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>POST /connect/token</c>.</summary>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds that it lives.</param>
public sealed record TokenDocument(string AccessToken, string TokenType, int ExpiresIn);
