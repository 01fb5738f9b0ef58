namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>POST /tokens/reveal</c>.</summary>
/// <param name="Values">One per token, in their order.</param>
public sealed record RevealDocument(IReadOnlyList<RevealedValueDocument> Values);
