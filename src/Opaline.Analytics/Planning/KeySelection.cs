using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Private selection of keys: a key is told if its noisy number of distinct units is at least the threshold.</summary>
/// <param name="Component">The distinct units.</param>
/// <param name="IsMeasure">Whether the component is a measure's own: then its one noisy value both selects and answers.</param>
/// <param name="Threshold">τ.</param>
/// <param name="Delta">δ of selection, charged.</param>
internal sealed record KeySelection(Component Component, bool IsMeasure, long Threshold, AttoDelta Delta);
