using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Chooses between nesting and the ordinals of sealed windows by a rule that looks at no data: ordinals answer where every window of the range is sealed, a rule
/// of bounding-and-ledger, section 3, covers every integer of the question, their filter ranks nothing that the question does not ask about, and no noise is
/// larger than it would be with nesting. So no answer gets noisier on the day on which its windows are sealed.
/// </summary>
internal sealed class OrdinalPlanner
{
    private readonly QueryPlan _nested;
    private readonly int _groups;
    private readonly int? _cellsPerUnit;
    private readonly ZoneCalendar _calendar;
    private readonly Period _window;
    private readonly Field? _dimension;
    private readonly PlannedPeriodKey? _period;
    private readonly bool _ownZone;
    private readonly int _days;

    private OrdinalPlanner(QueryPlan nested, int groups, int? cellsPerUnit)
    {
        _nested = nested;
        _groups = groups;
        _cellsPerUnit = cellsPerUnit;
        _calendar = ZoneCalendar.Of(nested.Dataset);
        _window = BlockInterval.PeriodOf(nested.Dataset.Unit) ?? Period.Month;
        _dimension = nested.Dataset.CanonicalDimension;
        _period = nested.Keys.OfType<PlannedPeriodKey>().FirstOrDefault();
        _ownZone = nested.Calendar.Zone.Id == _calendar.Zone.Id;
        _days = _calendar.DateOf(nested.Range.To.AddTicks(-1)).DayNumber - _calendar.DateOf(nested.Range.From).DayNumber + 1;
    }

    /// <summary>The filters that answer the question of a nested plan, or null if it nests.</summary>
    /// <param name="nested">The plan that nests.</param>
    /// <param name="groups">κ as it was asked for, which is k of every window.</param>
    /// <param name="cellsPerUnit">The most public cells that one unit can meet; null where a key is selected privately.</param>
    /// <param name="sealedThrough">The instant up to which every window of the dataset is sealed, as public ticks say.</param>
    public static OrdinalTruncation? Choose(QueryPlan nested, int groups, int? cellsPerUnit, DateTime sealedThrough)
    {
        // Rows that were joined or summed up have no ordinals.
        if (nested.Source is not PlannedTable || nested.Range.To > sealedThrough || nested.Components.Any(c => c.Shape.Itemized || c.Spans))
            return null;
        OrdinalPlanner planner = new(nested, groups, cellsPerUnit);
        OrdinalTruncation?[] candidates = [planner.PerWindow(), planner.PerGroup()];
        return candidates.FirstOrDefault(c => c is not null && nested.Components.All(x => AtMost(c.SensitivityOf(x.Shape), x.Sensitivity)));
    }

    private static bool AtMost(Sensitivity ordinals, Sensitivity nested) => ordinals.L1 <= nested.L1 && ordinals.SquaredL2 <= nested.SquaredL2;

    // Filter R with R = L keeps as many rows of a unit as nesting does, where every row of a window is in the same cell. It ranks all rows of a window alike, so
    // there may be no condition, and only what counts all rows.
    private OrdinalTruncation? PerWindow()
    {
        bool wholeWindows = _nested.Keys switch
        {
            [] => true,
            [PlannedPeriodKey only] => _ownZone && (only.Grid.Period == _window || (_window == Period.Day && only.Grid.Period != Period.Hour)),
            _ => false,
        };
        return wholeWindows && MeetsWholeWindows && _nested.Where.IsEmpty && _nested.Components.All(c => c.Shape is { Kind: ComponentKind.Rows, Filter: null })
            ? new OrdinalTruncation(OrdinalBounds.PerWindow(Shape(null), _nested.RowsPerGroup), null)
            : null;
    }

    private OrdinalTruncation? PerGroup()
    {
        int? actions = Actions();
        long? constant = (long?)actions * Math.Min(DaysPerWindow, _days);
        // The filter ranks all groups of a window: where the question is about some of them only, nesting keeps more of what it is about.
        bool spared = constant <= _groups;
        if (!spared && (!MeetsWholeWindows || (_dimension is not null && actions is not null)))
            return null;
        OrdinalShape shape = Shape(actions);
        bool units = _nested.Components.Any(c => c.Shape.Kind == ComponentKind.Units);
        return units && !OrdinalBounds.CountSubjects(shape, KeysAreGroup, MeetsWholeDays && OnlyTheDimension())
            ? null
            : new OrdinalTruncation(
                OrdinalBounds.PerGroup(shape, _groups, _nested.RowsPerGroup, constant), units ? OrdinalBounds.PerGroup(shape, _groups, 1, constant) : null);
    }

    private OrdinalShape Shape(int? actions)
    {
        int windows = 1;
        int perCell = 1;
        if (_nested.Dataset.Unit == PrivacyUnit.Subject)
        {
            PeriodGrid months = PeriodGrid.For(Period.Month, _calendar, _nested.Range.From, _nested.Range.To, int.MaxValue)!;
            windows = months.Count;
            perCell = _period is null ? windows : UnitShape.MaxMet(_period.Grid, months, _nested.Range);
        }

        int days = Math.Min(Math.Min(DaysPerCell, perCell * DaysPerWindow), _days);
        return new OrdinalShape(
            windows, perCell, (long?)(_nested.Keys.Any(IsDimension) ? 1 : actions) * days, _nested.Keys.All(IsOfGroup), _cellsPerUnit);
    }

    private int DaysPerWindow => _window switch
    {
        Period.Day => 1,
        Period.Week => 7,
        Period.Month => 31,
        _ => throw new InvalidOperationException("No truncation window is an hour."),
    };

    // Days of the dataset's zone, by their instants: a day of another zone meets two or, where it has more than 24 hours, three of them, and an hour two where
    // days begin at half past.
    private int DaysPerCell => _period is null
        ? int.MaxValue
        : UnitShape.MaxMet(_period.Grid, PeriodGrid.For(Period.Day, _calendar, _nested.Range.From, _nested.Range.To, int.MaxValue)!, _nested.Range);

    private bool MeetsWholeWindows => IsStart(_nested.Range.From, d => TruncationWindow.FirstDate(_nested.Dataset.Unit, d))
        && IsStart(_nested.Range.To, d => TruncationWindow.FirstDate(_nested.Dataset.Unit, d));

    private bool MeetsWholeDays => IsStart(_nested.Range.From, d => d) && IsStart(_nested.Range.To, d => d);

    // The canonical group: the day of the dataset's own zone, and what its dimension holds, where it holds anything.
    private bool KeysAreGroup => _ownZone && _period?.Grid.Period == Period.Day
        && _nested.Keys.All(k => k is PlannedPeriodKey || IsDimension(k)) && _nested.Keys.Length == (_dimension is null ? 1 : 2);

    // Nothing lies outside of the declared range.
    private bool IsStart(DateTime edge, Func<DateOnly, DateOnly> first) =>
        edge == _nested.Dataset.PublicRange.From || edge == _nested.Dataset.PublicRange.To || edge == _calendar.StartOf(first(_calendar.DateOf(edge)));

    private bool IsDimension(PlannedKey key) => key is PlannedExpressionKey value && IsDimension(value.Expression);

    private bool IsDimension(PlannedExpression expression) =>
        expression is PlannedColumn { Kind: ValueKind.Text, Grid: null } column && column.Field.Id == _dimension?.Id;

    private bool IsOfGroup(PlannedKey key) => key switch
    {
        PlannedPeriodKey period => _ownZone && period.Grid.Period != Period.Hour,
        PlannedExpressionKey value => OnlyTheDimension(value.Expression),
        _ => false,
    };

    private bool OnlyTheDimension() =>
        _nested.Where.All(OnlyTheDimension) && _nested.Components.All(c => c.Shape is not { Kind: ComponentKind.Units, Filter: { } filter } || OnlyTheDimension(filter));

    private bool OnlyTheDimension(PlannedExpression expression) =>
        expression.All().All(e => e is PlannedOperation or PlannedConstant || (e is PlannedColumn column && column.Field.Id == _dimension?.Id));

    // How many values of the dimension constant conditions leave; 1 without a dimension, null if they do not say.
    private int? Actions() => _dimension is null ? 1 : _nested.Where.SelectMany(Conjuncts).Select(Constants).Where(c => c is not null).Min();

    private static IEnumerable<PlannedExpression> Conjuncts(PlannedExpression condition) =>
        condition is PlannedOperation { Operation: Operation.And } all ? all.Operands.SelectMany(Conjuncts) : [condition];

    private int? Constants(PlannedExpression condition) => condition switch
    {
        PlannedOperation { Operation: Operation.Equal or Operation.In, Operands: [{ } first, .. ImmutableArray<PlannedExpression> rest] }
            when IsDimension(first) && rest.All(r => r is PlannedConstant) => rest.Select(r => r.Canonical).Distinct(StringComparer.Ordinal).Count(),
        PlannedOperation { Operation: Operation.Equal, Operands: [PlannedConstant, { } last] } when IsDimension(last) => 1,
        _ => null,
    };
}
