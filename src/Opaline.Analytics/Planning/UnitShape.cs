using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>How the privacy unit lies to the cells of a query: what it can meet, and which blocks of the ledger pay.</summary>
/// <param name="CellsPerUnit">The most public cells that one unit can meet; null where a key is selected privately.</param>
/// <param name="Spans">Whether some cell meets more than one unit of a subject.</param>
/// <param name="Offsets">Offsets of the dataset's zone, by which SQL tells units apart; null for the unit Subject.</param>
/// <param name="Blocks">Blocks that intersect the range.</param>
internal sealed record UnitShape(int? CellsPerUnit, bool Spans, DayOffsets? Offsets, BlockInterval Blocks)
{
    public static UnitShape Of(Dataset dataset, ImmutableArray<PlannedKey> keys, TimeRange range)
    {
        bool privateKeys = keys.Any(k => k.Values is null);
        PeriodGrid? periods = keys.OfType<PlannedPeriod>().FirstOrDefault()?.Grid;
        int others = privateKeys ? 0 : keys.Where(k => k is not PlannedPeriod).Aggregate(1, (product, key) => product * key.Values!.Value);
        if (BlockInterval.PeriodOf(dataset.Unit) is not { } unit)
            return new UnitShape(privateKeys ? null : others * (periods?.Count ?? 1), false, null, BlockInterval.Whole);

        ZoneCalendar calendar = new(TimeZoneInfo.FindSystemTimeZoneById(dataset.TimeZone));
        PeriodGrid units = PeriodGrid.For(unit, calendar, range.From, range.To, int.MaxValue)!;
        DateOnly first = PeriodGrid.FirstDate(unit, calendar.DateOf(range.From));
        DateOnly last = PeriodGrid.FirstDate(unit, calendar.DateOf(range.To.AddTicks(-1)));
        return new UnitShape(
            privateKeys ? null : others * MostMet(units, periods),
            periods is null ? units.Count > 1 : MostMet(periods, units, range) > 1,
            DayOffsets.For(calendar, range.From, range.To),
            new BlockInterval(BlockInterval.Number(unit, first), BlockInterval.Number(unit, last) + 1));
    }

    private static int MostMet(PeriodGrid units, PeriodGrid? periods)
    {
        int most = 1;
        for (int i = 0; periods is not null && i < units.Count; i++)
            most = Math.Max(most, periods.Meeting(units.Starts[i], EndOf(units, i)));
        return most;
    }

    /// <summary>The most units that one cell meets inside the range: what lies outside of it is in no cell.</summary>
    public static int MostMet(PeriodGrid cells, PeriodGrid units, TimeRange range)
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
