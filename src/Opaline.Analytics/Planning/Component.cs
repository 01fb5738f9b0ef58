using System.Numerics;
using Opaline.Catalog;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>One vector of integers that the engine adds up and that gets noise.</summary>
/// <param name="Kind">What is added up.</param>
/// <param name="Field">The measured field; null where rows or units are counted.</param>
/// <param name="Grid">Its grid; null with the field.</param>
/// <param name="Rows">L.</param>
/// <param name="Sensitivity">What one unit can change.</param>
/// <param name="Noise">What is added to it.</param>
/// <param name="Cost">What that costs.</param>
internal sealed record Component(
    ComponentKind Kind, Field? Field, ValueGrid? Grid, int Rows, Sensitivity Sensitivity, NoiseScale Noise, NanoRho Cost)
{
    /// <summary>Whether it is grouped by whole subjects although the unit is shorter.</summary>
    public bool Spans => Kind == ComponentKind.Subjects;

    /// <summary>The name in a plan.</summary>
    public string Name => Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => "count",
        ComponentKind.Sum => "sum",
        ComponentKind.CentredSum => "centred_sum",
        ComponentKind.Units => "units",
        ComponentKind.Subjects => "subjects",
        _ => throw new InvalidOperationException("Unknown kind of component."),
    };

    /// <summary>Δ∞ of a kind: the most that one unit adds to one cell.</summary>
    public static BigInteger MaxChange(ComponentKind kind, ValueGrid? grid, int rows) => kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => rows,
        ComponentKind.Sum => rows * (BigInteger)Math.Max(Math.Abs(grid!.Lower), Math.Abs(grid.Upper)),
        ComponentKind.CentredSum => rows * (BigInteger)grid!.Width,
        ComponentKind.Units or ComponentKind.Subjects => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The interval to which a unit's partial sum is clamped.</summary>
    public (long Lower, long Upper) Clamp => Kind switch
    {
        ComponentKind.Sum => (Math.Min(0, Rows * Grid!.Lower), Math.Max(0, Rows * Grid.Upper)),
        ComponentKind.CentredSum => (-Rows * Grid!.Width, Rows * Grid.Width),
        _ => (0, (long)Sensitivity.MaxChange),
    };
}
