namespace Opaline.Catalog;

/// <summary>One thing that is wrong with a declaration. Never holds a value out of traffic.</summary>
/// <param name="Code">Stable code: <c>invalid_name</c>, <c>invalid_value</c>, <c>missing_field</c>, <c>duplicate_name</c>, <c>name_taken</c>,
/// <c>unknown_dataset</c>, <c>unknown_field</c>, <c>immutable</c>, <c>too_many</c>.</param>
/// <param name="Path">The offending property in snake_case, such as <c>fields[2].measure.upper</c>.</param>
/// <param name="Reason">What to do.</param>
public sealed record CatalogError(string Code, string Path, string Reason);
