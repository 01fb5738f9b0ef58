using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A key of the answer's rows, resolved.</summary>
/// <param name="Name">Name in the answer.</param>
internal abstract record PlannedKey(string Name)
{
    /// <summary>Number of public values; null for a private key.</summary>
    public abstract int? Values { get; }
}

/// <summary>Periods of the query's zone.</summary>
internal sealed record PlannedPeriod(string Name, PeriodGrid Grid, DayOffsets Offsets) : PlannedKey(Name)
{
    public override int? Values => Grid.Count;
}

/// <summary>A dimension with its public domain, or a privately selected one.</summary>
internal sealed record PlannedField(string Name, Field Field, ImmutableArray<string>? Domain) : PlannedKey(Name)
{
    public override int? Values => Domain?.Length;
}
