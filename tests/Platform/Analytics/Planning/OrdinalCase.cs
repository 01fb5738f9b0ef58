using System.Numerics;
using CsCheck;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage.Events.Ordinals;

namespace Opaline.Platform.Tests.Analytics.Planning;

/// <summary>A question that is answered by a filter on ordinals, and what the rules say about it.</summary>
/// <param name="Unit">The privacy unit.</param>
/// <param name="Keys">What it groups by.</param>
/// <param name="Groups">k; null for a filter on the row in the window.</param>
/// <param name="Rows">L or R.</param>
/// <param name="Counts">Whether rows are counted; else values of −3 to 3 are added up.</param>
/// <param name="Where">A condition, if any.</param>
/// <param name="PublicCells">Whether the cells are public.</param>
internal sealed record OrdinalCase(
    PrivacyUnit Unit, OrdinalCase.Grouping Keys, int? Groups, int Rows, bool Counts, OrdinalCase.Condition Where, bool PublicCells)
{
    private const int Bound = 3;

    internal enum Grouping
    {
        Everything,
        Window,
        Day,
        Action,
        DayAndAction,
        DayAndOneAction,
        City,
        DayActionAndCity,
    }

    internal enum Condition
    {
        None,
        City,
        Action,
    }

    public static Gen<OrdinalCase> Generator(PrivacyUnit unit) =>
        from keys in Gen.Enum<Grouping>()
        from groups in Gen.Int[0, 4]
        from rows in Gen.Int[1, 4]
        from counts in Gen.Bool
        from condition in Gen.Enum<Condition>()
        from cells in Gen.Bool
        select new OrdinalCase(unit, keys, groups == 0 ? null : groups, rows, counts, condition, cells);

    public BigInteger Clamp => Counts ? 1 : Bound;

    // bounding-and-ledger, section 3.
    private const string FilterG = "filter G";
    private const string FilterR = "filter R inside one window";
    private const string FilterRAcross = "filter R across m windows";
    private const string Canonical = "canonical grouping: the root of m k, times L";
    private const string ActionAlone = "by action alone over m windows: m k L";
    private const string FanIn = "public fan-in leaves fewer groups of a cell than w k";
    private const string PublicCellsLimit = "J public cells limit N";
    private const string GroupFilterDropped = "constant predicates leave j of k groups, and the group filter is dropped";
    private const string CellsOfGroups = "keys of the canonical group: L0 is m k";
    private const string CellsOfRows = "keys beside the canonical group: L0 is N";
    private const string Rest = "a last cell is filled in part";
    private const string CountOfOne = "a row counts 1";
    private const string ClampedRows = "a row adds at most B";

    /// <summary>The rules that questions about a unit can meet; a period unit has one window.</summary>
    public static IEnumerable<string> RulesOf(PrivacyUnit unit) =>
    [
        FilterG, Canonical, FanIn, PublicCellsLimit, GroupFilterDropped, CellsOfGroups, CellsOfRows, CountOfOne, ClampedRows,
        .. unit == PrivacyUnit.Subject ? (string[])[FilterRAcross, ActionAlone] : [FilterR],
        // On one day all groups of a cell are all groups of the window, or it has one.
        .. unit == PrivacyUnit.SubjectPerDay ? (string[])[] : [Rest],
    ];

    /// <summary>The rules of which its bounds are made.</summary>
    public IEnumerable<string> Rules
    {
        get
        {
            (OrdinalShape shape, OrdinalBounds bounds) = (Shape, Bounds);
            yield return Counts ? CountOfOne : ClampedRows;
            yield return Groups is not null ? FilterG : shape.Windows > 1 ? FilterRAcross : FilterR;
            if (bounds.Rows % bounds.RowsPerCell != 0)
                yield return Rest;
            if (bounds.Rows < BoundsOf(shape with { Cells = null }).Rows)
                yield return PublicCellsLimit;
            if (Groups is null)
                yield break;
            yield return shape.KeysOfGroup ? CellsOfGroups : CellsOfRows;
            if (bounds.GroupsKept is null)
                yield return GroupFilterDropped;
            if (Keys == Grouping.DayAndAction)
                yield return Canonical;
            if (Keys == Grouping.Action && shape.Windows > 1)
                yield return ActionAlone;
            if (bounds.RowsPerCell < BoundsOf(shape with { GroupsPerCell = null }).RowsPerCell)
                yield return FanIn;
        }
    }

    private int DaysPerWindow => Unit == PrivacyUnit.SubjectPerDay ? 1 : OrdinalHistory.DaysPerWindow;

    // Without an action is a group too, but no cell.
    private static int GroupsPerDay => OrdinalHistory.Actions.Count + 1;

    public OrdinalShape Shape
    {
        get
        {
            int windows = Unit == PrivacyUnit.Subject ? OrdinalHistory.Windows : 1;
            int days = windows * DaysPerWindow;
            (int actions, int cities) = (OrdinalHistory.Actions.Count, OrdinalHistory.Cities.Count);
            OrdinalShape shape = Keys switch
            {
                Grouping.Everything => new(windows, windows, null, true, 1),
                Grouping.Window => new(windows, 1, null, true, windows),
                Grouping.Day => new(windows, 1, GroupsPerDay, true, days),
                Grouping.Action => new(windows, windows, windows * DaysPerWindow, true, actions),
                Grouping.DayAndAction => new(windows, 1, 1, true, days * actions),
                Grouping.DayAndOneAction => new(windows, 1, 1, true, days),
                Grouping.City => new(windows, windows, null, false, cities),
                Grouping.DayActionAndCity => new(windows, 1, 1, false, days * actions * cities),
                _ => throw new InvalidOperationException(),
            };
            return PublicCells ? shape : shape with { Cells = null };
        }
    }

    public OrdinalBounds Bounds => BoundsOf(Shape);

    public OrdinalBounds BoundsOf(OrdinalShape shape) => Groups is { } k
        ? OrdinalBounds.PerGroup(shape, k, Rows, Where == Condition.Action ? DaysPerWindow : null)
        : OrdinalBounds.PerWindow(shape, Rows);

    /// <summary>The condition of SQL.</summary>
    public string Filter(Func<string, string> column)
    {
        List<string> conditions = ["row_in_window IS NOT NULL"];
        OrdinalBounds bounds = Bounds;
        if (bounds.GroupsKept is { } k)
            conditions.Add($"group_in_window <= {k}");
        if (bounds.RowsKeptPerGroup is { } l)
            conditions.Add($"row_in_group <= {l}");
        if (bounds.RowsKeptPerWindow is { } r)
            conditions.Add($"row_in_window <= {r}");
        if (Where == Condition.City)
            conditions.Add($"{column("city")} = '{OrdinalHistory.Cities[0]}'");
        if (Where == Condition.Action)
            conditions.Add($"{column("action")} = '{OrdinalHistory.Actions[0]}'");
        if (Keys == Grouping.DayAndOneAction)
            conditions.Add($"{column("action")} = '{OrdinalHistory.Actions[0]}'");
        if (Keys is Grouping.Action or Grouping.DayAndAction or Grouping.DayActionAndCity)
            conditions.Add($"{column("action")} IS NOT NULL");
        return string.Join(" AND ", conditions);
    }

    /// <summary>Whether the filter keeps a row, and its cell.</summary>
    public (bool Kept, (long, long, string, string) Cell) Place(OrdinalModel.Row row, OrdinalModel.Ordinals ordinals, OrdinalBounds bounds)
    {
        bool kept = !(ordinals.GroupInWindow > bounds.GroupsKept) && !(ordinals.RowInGroup > bounds.RowsKeptPerGroup)
            && !(ordinals.RowInWindow > bounds.RowsKeptPerWindow)
            && (Where != Condition.City || row.City == OrdinalHistory.Cities[0])
            && (Where != Condition.Action || row.Action == OrdinalHistory.Actions[0])
            && (Keys != Grouping.DayAndOneAction || row.Action == OrdinalHistory.Actions[0])
            && (row.Action is not null || Keys is not (Grouping.Action or Grouping.DayAndAction or Grouping.DayActionAndCity));
        string action = row.Action ?? "";
        return (kept, Keys switch
        {
            Grouping.Everything => (0, 0, "", ""),
            Grouping.Window => (row.Window, 0, "", ""),
            Grouping.Day => (0, row.Day, "", ""),
            Grouping.Action => (0, 0, action, ""),
            Grouping.DayAndAction or Grouping.DayAndOneAction => (0, row.Day, action, ""),
            Grouping.City => (0, 0, "", row.City),
            Grouping.DayActionAndCity => (0, row.Day, action, row.City),
            _ => throw new InvalidOperationException(),
        });
    }

    /// <summary>The exact bounded aggregate.</summary>
    public Dictionary<(long, long, string, string), long> Sums(IReadOnlyDictionary<OrdinalModel.Row, OrdinalModel.Ordinals> ranked)
    {
        Dictionary<(long, long, string, string), long> sums = [];
        OrdinalBounds bounds = Bounds;
        foreach ((OrdinalModel.Row row, OrdinalModel.Ordinals ordinals) in ranked)
        {
            (bool kept, (long, long, string, string) cell) = Place(row, ordinals, bounds);
            if (kept)
                sums[cell] = sums.GetValueOrDefault(cell) + (Counts ? 1 : row.Value);
        }

        return sums;
    }

    /// <summary>Whether a change keeps to the bounds.</summary>
    public bool Within(OrdinalBounds bounds, IEnumerable<long> changes)
    {
        (long cells, BigInteger most, BigInteger sum, BigInteger squares) = Measure(changes);
        return cells <= bounds.L0 && most <= bounds.MaxChange(Clamp) && sum <= bounds.L1(Clamp) && squares <= bounds.SquaredL2(Clamp);
    }

    public static (long Cells, BigInteger Most, BigInteger Sum, BigInteger Squares) Measure(IEnumerable<long> changes)
    {
        (long cells, BigInteger most, BigInteger sum, BigInteger squares) = (0, 0, 0, 0);
        foreach (long change in changes.Where(c => c != 0).Select(Math.Abs))
            (cells, most, sum, squares) = (cells + 1, BigInteger.Max(most, change), sum + change, squares + ((BigInteger)change * change));
        return (cells, most, sum, squares);
    }

    public static IEnumerable<long> Changes<TCell>(Dictionary<TCell, long> with, Dictionary<TCell, long> without)
        where TCell : notnull =>
        with.Keys.Union(without.Keys).Select(c => with.GetValueOrDefault(c) - without.GetValueOrDefault(c));
}
