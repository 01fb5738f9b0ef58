using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>One row per subject and period since its first event in which it was seen.</summary>
/// <param name="Schema">The field <c>elapsed</c>.</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Periods">How many periods.</param>
/// <param name="Days">Length of a period in days; null for calendar periods.</param>
/// <param name="Calendar">Calendar periods and how times are read; null for days.</param>
internal sealed record PlannedRetention(
    Dataset Schema,
    PlannedTable Events,
    ImmutableArray<PlannedExpression> Where,
    int Periods,
    int? Days,
    (Period Period, DayOffsets Offsets)? Calendar) : PlannedBehaviour(Schema, Events, Where)
{
    public override int? MaxGroups => Periods;

    /// <summary>The field that holds the number of periods since the first event.</summary>
    public Field Elapsed => Schema.Find(BehaviourFields.Elapsed)!;

    public override Derivation Derivation => new RetentionDerivation(Periods);

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"retention({Events.Canonical},{Text(Where)},{Periods},{Days},{Calendar?.Period},{Text(Calendar?.Offsets)})");
}
