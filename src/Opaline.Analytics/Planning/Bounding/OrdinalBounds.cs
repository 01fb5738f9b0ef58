using System.Numerics;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// What a filter on contribution ordinals keeps of one unit, in exact integers: at most N rows over all cells and at most M in one of them.
/// A sum of N into cells of at most M each moves squares most when it fills ⌊N/M⌋ cells. (bounding-and-ledger, section 3.)
/// </summary>
internal sealed record OrdinalBounds
{
    private OrdinalBounds(BigInteger rows, BigInteger rowsPerCell, BigInteger l0)
    {
        Rows = rows;
        RowsPerCell = rowsPerCell;
        L0 = l0;
    }

    /// <summary>N: most rows of one unit that are kept.</summary>
    public BigInteger Rows { get; }

    /// <summary>M: most of them in one cell.</summary>
    public BigInteger RowsPerCell { get; }

    /// <summary>Most cells that one unit changes.</summary>
    public BigInteger L0 { get; }

    /// <summary>k of the filter <c>group_in_window ≤ k</c>; null where there is none.</summary>
    public int? GroupsKept { get; private init; }

    /// <summary>L of the filter <c>row_in_group ≤ L</c>; null where there is none.</summary>
    public int? RowsKeptPerGroup { get; private init; }

    /// <summary>R of the filter <c>row_in_window ≤ R</c>; null where there is none.</summary>
    public int? RowsKeptPerWindow { get; private init; }

    /// <summary>Filter G: at most <paramref name="rows"/> rows of each of at most <paramref name="groups"/> canonical groups in a window.</summary>
    /// <param name="shape">How windows and groups lie to cells.</param>
    /// <param name="groups">k.</param>
    /// <param name="rows">L.</param>
    /// <param name="constantGroups">
    /// j: how many canonical groups of a window constant predicates leave; null if they do not say. If at most k, no group needs to be dropped, and j is k.
    /// </param>
    /// <exception cref="QueryRefusedException">A bound is below 1, or not below the number at which ordinals saturate.</exception>
    public static OrdinalBounds PerGroup(OrdinalShape shape, long groups, long rows, long? constantGroups = null)
    {
        shape.Checked();
        int most = Bound(groups, "$.contribution.groups");
        int each = Bound(rows, "$.contribution.rows_per_group");
        ArgumentOutOfRangeException.ThrowIfLessThan(constantGroups ?? 1, 1);
        bool constant = constantGroups <= most;
        BigInteger kept = shape.Windows * (constant ? (BigInteger)constantGroups!.Value : most);
        BigInteger merged = shape.WindowsPerCell * (constant ? (BigInteger)constantGroups!.Value : most);
        if (shape.GroupsPerCell is { } fanIn)
            merged = BigInteger.Min(merged, fanIn);
        (BigInteger all, BigInteger cell) = Limited(shape, kept * each, merged * each);
        BigInteger l0 = shape.CellsMet(shape.KeysOfGroup ? BigInteger.Min(kept, all) : all);
        return new OrdinalBounds(all, cell, l0) { GroupsKept = constant ? null : most, RowsKeptPerGroup = each };
    }

    /// <summary>Filter R: at most <paramref name="rows"/> rows in a window, whatever their groups.</summary>
    /// <param name="shape">How windows and groups lie to cells.</param>
    /// <param name="rows">R.</param>
    /// <exception cref="QueryRefusedException">The bound is below 1, or not below the number at which ordinals saturate.</exception>
    public static OrdinalBounds PerWindow(OrdinalShape shape, long rows)
    {
        shape.Checked();
        int each = Bound(rows, "$.contribution.rows_per_window");
        (BigInteger all, BigInteger cell) = Limited(shape, (BigInteger)shape.Windows * each, (BigInteger)shape.WindowsPerCell * each);
        return new OrdinalBounds(all, cell, shape.CellsMet(all)) { RowsKeptPerWindow = each };
    }

    /// <summary>
    /// Whether the rows with <c>row_in_group = 1</c> are the distinct subjects of each cell: only if the keys are the canonical group, so that a subject has one
    /// first row in a cell; if WHERE depends on those keys alone, so that it drops the whole group or none of it; and if a cell lies in one window.
    /// </summary>
    public static bool CountSubjects(OrdinalShape shape, bool keysAreGroup, bool whereOnKeysOnly) =>
        keysAreGroup && whereOnKeysOnly && shape.WindowsPerCell == 1;

    /// <summary>Δ1 = B·N.</summary>
    /// <param name="clamp">B: what one row adds at most; 1 for a count.</param>
    public BigInteger L1(BigInteger clamp) => clamp * Rows;

    /// <summary>Δ∞ = B·M.</summary>
    /// <param name="clamp">B: what one row adds at most; 1 for a count.</param>
    public BigInteger MaxChange(BigInteger clamp) => clamp * RowsPerCell;

    /// <summary>Δ2² = B²·(⌊N/M⌋·M² + (N mod M)²).</summary>
    /// <param name="clamp">B: what one row adds at most; 1 for a count.</param>
    public BigInteger SquaredL2(BigInteger clamp)
    {
        BigInteger full = BigInteger.DivRem(Rows, RowsPerCell, out BigInteger rest);
        return clamp * clamp * ((full * RowsPerCell * RowsPerCell) + (rest * rest));
    }

    private static (BigInteger Rows, BigInteger RowsPerCell) Limited(OrdinalShape shape, BigInteger rows, BigInteger rowsPerCell)
    {
        BigInteger cell = BigInteger.Min(rows, rowsPerCell);
        return (shape.Cells is { } cells ? BigInteger.Min(rows, cells * cell) : rows, cell);
    }

    private static int Bound(long bound, string path) => bound is >= 1 and < EventTable.LastOrdinal
        ? (int)bound
        : throw new QueryRefusedException(RefusalCodes.InvalidBounds, $"A bound of contributions is a whole number from 1 to {EventTable.LastOrdinal - 1}.", path);
}
