using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>What a component adds up, before it is priced.</summary>
/// <param name="Kind">What of a row.</param>
/// <param name="Value">The measured expression; null where rows, units or subjects are counted.</param>
/// <param name="Grid">The steps in which it counts, and its bounds; null but for sums.</param>
/// <param name="Filter">Rows that count; null for all of the query's.</param>
internal sealed record ComponentShape(ComponentKind Kind, PlannedExpression? Value = null, ValueGrid? Grid = null, PlannedExpression? Filter = null)
{
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

    /// <summary>The one text of what is added up.</summary>
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}|{Value?.Canonical}|{Filter?.Canonical}|{Grid?.Lower}|{Grid?.Upper}|{ValueGrid.Text(Grid?.Granularity ?? 0)}");

    /// <summary>Δ∞: the most that one unit adds to one cell.</summary>
    public BigInteger MaxChange(int rows) => Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => rows,
        ComponentKind.Sum => rows * (BigInteger)Math.Max(Math.Abs(Grid!.Lower), Math.Abs(Grid.Upper)),
        ComponentKind.CentredSum => rows * (BigInteger)Grid!.Width,
        ComponentKind.Units or ComponentKind.Subjects => 1,
        _ => throw new InvalidOperationException("Unknown kind of component."),
    };

    /// <summary>The interval to which a unit's partial sum is clamped.</summary>
    public (long Lower, long Upper) Clamp(int rows) => Kind switch
    {
        ComponentKind.Sum => (Math.Min(0, rows * Grid!.Lower), Math.Max(0, rows * Grid.Upper)),
        ComponentKind.CentredSum => (-rows * Grid!.Width, rows * Grid.Width),
        _ => (0, (long)MaxChange(rows)),
    };
}
