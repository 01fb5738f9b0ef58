using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>One row per subject that took the first step: the furthest step reached.</summary>
/// <param name="Schema">The field <c>step</c>.</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Steps">The steps' conditions.</param>
/// <param name="Names">The steps' names in the answer.</param>
/// <param name="Window">The longest time from the first step to the last; null for any.</param>
internal sealed record PlannedFunnel(
    Dataset Schema,
    PlannedTable Events,
    ImmutableArray<PlannedExpression> Where,
    ImmutableArray<PlannedExpression> Steps,
    ImmutableArray<string> Names,
    TimeSpan? Window) : PlannedBehaviour(Schema, Events, Where)
{
    public override int? MaxGroups => 1;

    public override bool OneRow => true;

    /// <summary>The field that holds the furthest step.</summary>
    public Field Step => Schema.Find(BehaviourFields.Step)!;

    public override Derivation Derivation => new FunnelDerivation(Names);

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"funnel({Events.Canonical},{Text(Where)},{Text(Steps)},[{string.Join(',', Names.Select(n => $"{n.Length}:{n}"))}],{Window?.Ticks})");
}
