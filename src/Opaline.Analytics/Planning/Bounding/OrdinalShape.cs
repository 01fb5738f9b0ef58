using System.Numerics;

namespace Opaline.Analytics;

/// <summary>
/// How the truncation windows and canonical groups of one unit lie to the cells of a query: public, from catalog, keys, and range alone.
/// (bounding-and-ledger, section 3.)
/// </summary>
/// <param name="Windows">m: windows of one unit inside the plan's range; 1 for period units.</param>
/// <param name="WindowsPerCell">w: most of those windows that one cell meets; 1 to m.</param>
/// <param name="GroupsPerCell">
/// c: most canonical groups of one unit that merge into one cell: 1 if the keys determine the canonical group; null if all that is known is that they
/// are those of w windows, w·k.
/// </param>
/// <param name="KeysOfGroup">Whether the keys are a function of the canonical group, so that a group's rows fall into one cell.</param>
/// <param name="Cells">J: public cells; null where a key is selected privately.</param>
internal sealed record OrdinalShape(long Windows, long WindowsPerCell, long? GroupsPerCell, bool KeysOfGroup, long? Cells)
{
    /// <summary>The most cells that <paramref name="contributions"/> of one unit can fall into.</summary>
    public BigInteger CellsMet(BigInteger contributions) => Cells is { } cells ? BigInteger.Min(cells, contributions) : contributions;

    /// <exception cref="ArgumentOutOfRangeException">The numbers contradict each other.</exception>
    public OrdinalShape Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Windows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowsPerCell, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WindowsPerCell, Windows);
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupsPerCell ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Cells ?? 1, 1);
        return this;
    }
}
