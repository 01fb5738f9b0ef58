using System.Collections.Immutable;

namespace Opaline.Catalog;

/// <summary>A field as somebody asks for it, before the catalog has numbered it. The members mean what they mean in <see cref="Field"/>.</summary>
/// <param name="Name">Path of the field, see <see cref="DatasetRules.IsFieldName"/>.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Classification">How sensitive it is.</param>
/// <param name="Treatment">What is stored of it.</param>
/// <param name="Domain">For a dimension: its public values, or null.</param>
/// <param name="Measure">For a measure: its public bounds.</param>
public sealed record FieldDeclaration(
    string Name,
    FieldType Type,
    FieldRole Role,
    Classification Classification,
    Treatment Treatment,
    ImmutableArray<string>? Domain = null,
    MeasureBounds? Measure = null);
