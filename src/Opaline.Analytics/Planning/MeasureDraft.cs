using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A measure before it is priced.</summary>
/// <param name="Name">Name in the answer.</param>
/// <param name="Function">What is computed.</param>
/// <param name="Field">The measured field, or null.</param>
/// <param name="Grid">Its grid, or null.</param>
/// <param name="Components">Kinds and sensitivities of its integers.</param>
internal sealed record MeasureDraft(
    string Name,
    MeasureFunction Function,
    Field? Field,
    ValueGrid? Grid,
    ImmutableArray<(ComponentKind Kind, Sensitivity Sensitivity)> Components);
