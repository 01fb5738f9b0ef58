using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Rows that are made of the order and the times of a subject's events.</summary>
/// <param name="Schema">Their fields.</param>
/// <param name="Events">The events.</param>
/// <param name="Where">Which of them.</param>
internal abstract record PlannedBehaviour(Dataset Schema, PlannedTable Events, ImmutableArray<PlannedExpression> Where) : PlannedSource(Schema)
{
    public override ImmutableArray<Dataset> Datasets => Events.Datasets;

    public override bool Couples => true;
}
