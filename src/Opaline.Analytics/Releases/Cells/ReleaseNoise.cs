using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// The noise of one release: taken from the pool for every public cell, or for the cap of private ones, before the aggregate is read, so
/// that the time it takes cannot depend on data. Each value is used once.
/// </summary>
internal sealed class ReleaseNoise
{
    private readonly ImmutableArray<Component> _components;
    private readonly NoiseDraw _draw;
    private readonly long[][] _noise;

    public ReleaseNoise(QueryPlan plan, NoiseDraw draw)
    {
        _components = plan.Components;
        _draw = draw;
        _noise = [.. _components.Select(c => Fill(c, plan.NoisyCells))];
    }

    /// <summary>The noise of a component's numbers in a cell. Cells beyond the cap take theirs now: they exist only where private keys did.</summary>
    public ReadOnlySpan<long> Of(int component, int cell)
    {
        int numbers = _components[component].Shape.Numbers;
        long[] noise = _noise[component];
        if (cell >= noise.Length / numbers)
            _noise[component] = noise = [.. noise, .. Fill(_components[component], noise.Length / numbers)];
        return noise.AsSpan(cell * numbers, numbers);
    }

    private long[] Fill(Component component, int cells)
    {
        // What has none is not released.
        if (component.Scale is null)
            return [];
        long[] noise = new long[cells * component.Shape.Numbers];
        _draw(component.Noise, noise);
        return noise;
    }
}
