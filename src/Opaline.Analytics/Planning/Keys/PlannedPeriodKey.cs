using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Periods of the query's zone.</summary>
internal sealed record PlannedPeriodKey(string Name, PeriodGrid Grid, DayOffsets Offsets) : PlannedKey(Name)
{
    public override int? Values => Grid.Count;
}
