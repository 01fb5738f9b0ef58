using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Rows of active subjects, by short and by long periods.</summary>
/// <param name="Schema">The field <c>period</c>: the day number of a period's first date, of a long one with <see cref="LongOffset"/> added.</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Short">The short periods.</param>
/// <param name="Long">The long periods.</param>
/// <param name="Offsets">How times are read.</param>
internal sealed record PlannedActivity(
    Dataset Schema,
    PlannedTable Events,
    ImmutableArray<PlannedExpression> Where,
    PeriodGrid Short,
    PeriodGrid Long,
    DayOffsets Offsets) : PlannedBehaviour(Schema, Events, Where)
{
    /// <summary>More than any day number.</summary>
    public const long LongOffset = 10_000_000;

    /// <summary>How many periods there are, short and long ones together.</summary>
    public int Count => Short.Count + Long.Count;

    // A row is of one event, and so of one unit; subjects are told apart by the measure.
    public override bool Couples => false;

    /// <summary>What the field says of a period.</summary>
    public static string Label(long key, bool isLong) => (isLong ? key + LongOffset : key).ToString(CultureInfo.InvariantCulture);

    /// <summary>The field that tells the period.</summary>
    public Field Period => Schema.Find(BehaviourFields.Period)!;

    public override Derivation Derivation => new ActivityDerivation(Short, Long);

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"activity({Events.Canonical},{Text(Where)},{Short.Period},{Long.Period},[{string.Join(',', Short.Starts.Concat(Long.Starts).Select(s => s.Ticks))}],{Text(Offsets)})");
}
