using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// Equal integers of several measures are added up once, get one noise and are charged once: with the largest share that any of the measures gives them, so
/// that no measure becomes less exact than by itself.
/// </summary>
internal static class SharedComponents
{
    /// <summary>The measures with equal components made one.</summary>
    public static ImmutableArray<PlannedMeasure> Of(ImmutableArray<PlannedMeasure> measures)
    {
        Dictionary<string, Component> dearest = new(StringComparer.Ordinal);
        foreach (Component component in measures.SelectMany(m => m.Components))
        {
            string canonical = component.Shape.Canonical;
            if (!dearest.TryGetValue(canonical, out Component? other) || other.Cost.Value < component.Cost.Value)
                dearest[canonical] = component;
        }

        return [.. measures.Select(m => With(m, [.. m.Components.Select(c => dearest[c.Shape.Canonical])]))];
    }

    private static PlannedMeasure With(PlannedMeasure measure, ImmutableArray<Component> components) =>
        components.AsEnumerable().SequenceEqual(measure.Components, ReferenceEqualityComparer.Instance)
            ? measure
            : measure with { Components = components, Precision = MeasurePrecision.Of(measure.Function, components.AsSpan()) };
}
