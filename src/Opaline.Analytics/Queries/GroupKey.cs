namespace Opaline.Analytics;

/// <summary>A key of the answer's rows: a field or a period.</summary>
public abstract record GroupKey
{
    private protected GroupKey()
    {
    }
}

/// <summary>The values of a dimension: those of its public domain, or privately selected ones.</summary>
/// <param name="Field">The dimension.</param>
public sealed record FieldKey(string Field) : GroupKey;

/// <summary>Calendar periods of the query's zone; at most one per query.</summary>
/// <param name="Period">Their length.</param>
public sealed record PeriodKey(Period Period) : GroupKey;
