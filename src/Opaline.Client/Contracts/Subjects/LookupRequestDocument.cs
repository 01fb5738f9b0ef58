namespace Opaline.Client.Contracts;

/// <summary>Body of <c>POST /subjects/lookup</c>: an identifier never stands in a URL.</summary>
/// <param name="Identifier">The raw identifier.</param>
/// <param name="Dataset">The dataset whose subject scope is meant; default <c>events</c>.</param>
public sealed record LookupRequestDocument(string Identifier, string? Dataset = null);
