namespace Opaline.Analytics;

/// <summary>One number per row of the answer.</summary>
/// <param name="Function">What is computed.</param>
/// <param name="Field">The measured field; null for <see cref="MeasureFunction.Count"/> and <see cref="MeasureFunction.DistinctSubjects"/>.</param>
/// <param name="Name">Name in the answer; null for one made of function and field.</param>
/// <param name="Clamp">Public bounds of a value, within the field's own; null for the field's.</param>
public sealed record Measure(MeasureFunction Function, string? Field = null, string? Name = null, ClampRange? Clamp = null);
