using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>One row per event that others of its subject follow.</summary>
/// <param name="Schema">The fields <c>step_1</c>, <c>step_2</c>, ….</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Value">What makes the path.</param>
/// <param name="Length">How many consecutive events.</param>
internal sealed record PlannedPaths(
    Dataset Schema, PlannedTable Events, ImmutableArray<PlannedExpression> Where, PlannedColumn Value, int Length) : PlannedBehaviour(Schema, Events, Where)
{
    public override Derivation Derivation => new PathDerivation(Length);

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture, $"paths({Events.Canonical},{Text(Where)},{Value.Canonical},{Length})");
}
