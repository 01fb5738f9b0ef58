using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>What a component adds up, before it is priced.</summary>
/// <param name="Kind">What of a row.</param>
/// <param name="Value">The measured expression; null where rows, units or subjects are counted.</param>
/// <param name="Grid">The steps in which it counts, and its bounds; null but for sums and bins.</param>
/// <param name="Filter">Rows that count; null for all of the query's.</param>
/// <param name="Bins">The bins of its numbers; null where a cell has one number.</param>
internal sealed record ComponentShape(
    ComponentKind Kind, PlannedExpression? Value = null, ValueGrid? Grid = null, PlannedExpression? Filter = null, Binning? Bins = null)
{
    /// <summary>The name in a plan.</summary>
    public string Name => Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows => "count",
        ComponentKind.Sum => "sum",
        ComponentKind.CentredSum => "centred_sum",
        ComponentKind.CentredSquares => "centred_squares",
        ComponentKind.Units => "units",
        ComponentKind.Subjects => "subjects",
        ComponentKind.Values => "distinct_values",
        ComponentKind.UnitGroups => "groups",
        ComponentKind.UnitRows => "rows_per_group",
        ComponentKind.BinRows => Bins!.Branching == 0 ? "histogram" : "tree",
        _ => throw new InvalidOperationException("Unknown kind of component."),
    };

    /// <summary>How many numbers a cell has.</summary>
    public int Numbers => Bins?.Nodes ?? 1;

    /// <summary>Whether single values of a unit are kept or dropped, so that it needs a statement of its own.</summary>
    public bool Itemized => Kind is ComponentKind.Values or ComponentKind.BinRows or ComponentKind.UnitGroups or ComponentKind.UnitRows;

    /// <summary>The one text of what is added up.</summary>
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}|{Value?.Canonical}|{Filter?.Canonical}|{Grid?.Lower}|{Grid?.Upper}|{ValueGrid.Text(Grid?.Granularity ?? 0)}|{Bins?.Canonical}");

    /// <summary>Δ∞: the most that one unit adds to one cell; of bins, to those of one cell and level together, since each of its L rows is in one of them.</summary>
    public BigInteger MaxChange(int rows) => Kind switch
    {
        ComponentKind.Rows or ComponentKind.ValueRows or ComponentKind.Values or ComponentKind.BinRows => rows,
        ComponentKind.Sum => rows * (BigInteger)Math.Max(Math.Abs(Grid!.Lower), Math.Abs(Grid.Upper)),
        ComponentKind.CentredSum => rows * (BigInteger)Grid!.Width,
        ComponentKind.CentredSquares => rows * (BigInteger)Grid!.Width * Grid.Width,
        ComponentKind.Units or ComponentKind.Subjects or ComponentKind.UnitGroups or ComponentKind.UnitRows => 1,
        _ => throw new InvalidOperationException("Unknown kind of component."),
    };

    /// <summary>The interval to which a unit's partial sum is clamped.</summary>
    public (long Lower, long Upper) Clamp(int rows) => Kind switch
    {
        ComponentKind.Sum => (Math.Min(0, rows * Grid!.Lower), Math.Max(0, rows * Grid.Upper)),
        ComponentKind.CentredSum or ComponentKind.CentredSquares => (-(long)MaxChange(rows), (long)MaxChange(rows)),
        _ => (0, (long)MaxChange(rows)),
    };
}
