namespace Opaline.Analytics;

/// <summary>Calendar periods of the query's zone; at most one per query.</summary>
/// <param name="Period">Their length.</param>
public sealed record PeriodKey(Period Period) : GroupKey;
