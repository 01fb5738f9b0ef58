using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>How the privacy unit lies to the cells of a query: what it can meet, and which blocks of the ledger pay.</summary>
/// <param name="CellsPerUnit">The most public cells that one unit (where <paramref name="Coupled"/>, one subject) can meet; null for any number.</param>
/// <param name="Spans">Whether some cell meets more than one unit of a subject.</param>
/// <param name="Coupled">Whether rows depend on several units of their subject.</param>
/// <param name="Offsets">Offsets of the dataset's zone, by which SQL tells units apart; null for the unit Subject.</param>
/// <param name="Blocks">Blocks that intersect the range.</param>
internal sealed record UnitShape(int? CellsPerUnit, bool Spans, bool Coupled, DayOffsets? Offsets, BlockInterval Blocks)
{
    public static UnitShape Of(PlannedSource source, ImmutableArray<PlannedKey> keys, TimeRange range)
    {
        Dataset dataset = source.Schema;
        bool privateKeys = keys.Any(k => k.Values is null);
        PeriodGrid? periods = keys.OfType<PlannedPeriodKey>().FirstOrDefault()?.Grid;
        int others = privateKeys ? 0 : keys.Where(k => k is not PlannedPeriodKey).Aggregate(1, (product, key) => product * key.Values!.Value);
        if (BlockInterval.PeriodOf(dataset.Unit) is not { } unit)
            return new UnitShape(Least(privateKeys ? null : others * (periods?.Count ?? 1), source.MaxGroups), false, false, null, BlockInterval.Whole);

        ZoneCalendar calendar = ZoneCalendar.Of(dataset);
        PeriodGrid units = PeriodGrid.For(unit, calendar, range.From, range.To, int.MaxValue)!;
        DateOnly first = PeriodGrid.FirstDate(unit, calendar.DateOf(range.From));
        DateOnly last = PeriodGrid.FirstDate(unit, calendar.DateOf(range.To.AddTicks(-1)));
        BlockInterval blocks = new(BlockInterval.Number(unit, first), BlockInterval.Number(unit, last) + 1);
        if (source.Couples)
        {
            // A subject that has one unit in the whole range is that unit.
            bool coupled = units.Count > 1;
            return new UnitShape(Least(privateKeys ? null : others * (periods?.Count ?? 1), source.MaxGroups), coupled, coupled, null, blocks);
        }

        DayOffsets offsets = DayOffsets.For(calendar, range.From, range.To);
        if (source is PlannedActivity activity)
        {
            return new UnitShape(
                privateKeys ? null : others / activity.Count * (MaxMet(units, activity.Short) + MaxMet(units, activity.Long)),
                MaxMet(activity.Short, units, range) > 1 || MaxMet(activity.Long, units, range) > 1,
                false,
                offsets,
                blocks);
        }

        return new UnitShape(
            privateKeys ? null : others * MaxMet(units, periods),
            periods is null ? units.Count > 1 : MaxMet(periods, units, range) > 1,
            false,
            offsets,
            blocks);
    }

    private static int? Least(int? x, int? y) => x is null ? y : y is null ? x : Math.Min(x.Value, y.Value);

    private static int MaxMet(PeriodGrid units, PeriodGrid? periods)
    {
        int most = 1;
        for (int i = 0; periods is not null && i < units.Count; i++)
            most = Math.Max(most, periods.Meeting(units.Starts[i], EndOf(units, i)));
        return most;
    }

    /// <summary>The most units that one cell meets inside the range: what lies outside of it is in no cell.</summary>
    public static int MaxMet(PeriodGrid cells, PeriodGrid units, TimeRange range)
    {
        int most = 1;
        for (int i = 0; i < cells.Count; i++)
        {
            DateTime start = cells.Starts[i] > range.From ? cells.Starts[i] : range.From;
            DateTime end = EndOf(cells, i) < range.To ? EndOf(cells, i) : range.To;
            most = Math.Max(most, units.Meeting(start, end));
        }

        return most;
    }

    private static DateTime EndOf(PeriodGrid grid, int index) => index + 1 < grid.Count ? grid.Starts[index + 1] : grid.End;
}
