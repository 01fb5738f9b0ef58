namespace Opaline.Client.Contracts;

/// <summary>A field as the caller may see it. The words are those of <see cref="FieldDeclarationDocument"/>.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Type">Type of its values before treatment.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Treatment">What is stored of it.</param>
/// <param name="Generalizer">Which generalizer or mask, or null.</param>
/// <param name="Level">How sensitive it is.</param>
/// <param name="Category">Its fideslang category.</param>
/// <param name="State"><c>suggested</c>, <c>confirmed</c> or <c>rejected</c>.</param>
/// <param name="Source"><c>auto</c> or <c>manual</c>.</param>
/// <param name="Domain">Public values, or null.</param>
/// <param name="Measure">Public bounds, or null.</param>
/// <param name="Format">What tokens look like, or null.</param>
public sealed record FieldDocument(
    string Name,
    string Type,
    string Role,
    string Treatment,
    string? Generalizer,
    string Level,
    string Category,
    string State,
    string Source,
    IReadOnlyList<string>? Domain,
    MeasureBoundsDocument? Measure,
    TokenFormatDocument? Format = null);
