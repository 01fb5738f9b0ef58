using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>One row per session.</summary>
/// <param name="Schema">The fields <c>events</c> and <c>minutes</c>.</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Gap">The longest time between two events of a session.</param>
internal sealed record PlannedSessions(Dataset Schema, PlannedTable Events, ImmutableArray<PlannedExpression> Where, TimeSpan Gap) : PlannedBehaviour(Schema, Events, Where)
{
    public override Derivation Derivation => new SessionDerivation();

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture, $"sessions({Events.Canonical},{Text(Where)},{Gap.Ticks},{Bound(BehaviourFields.Events)},{Bound(BehaviourFields.Minutes)})");

    /// <summary>The public bound of a field.</summary>
    public long Bound(string field) => (long)Schema.Find(field)!.Measure!.Upper;
}
