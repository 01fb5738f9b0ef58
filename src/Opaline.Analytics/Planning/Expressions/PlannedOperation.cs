using System.Collections.Immutable;
using System.Globalization;

namespace Opaline.Analytics;

/// <summary>An operation on planned expressions.</summary>
/// <param name="Kind">What it gives.</param>
/// <param name="Operation">Which one.</param>
/// <param name="Operands">On what.</param>
internal sealed record PlannedOperation(ValueKind Kind, Operation Operation, ImmutableArray<PlannedExpression> Operands) : PlannedExpression(Kind)
{
    public override ImmutableArray<PlannedExpression> Arguments => Operands;

    public override string Canonical
    {
        get
        {
            // The grid of a quotient or of a bucket is not told by its arguments alone.
            string grid = Grid is { } g ? string.Create(CultureInfo.InvariantCulture, $"[{g.Lower},{g.Upper},{ValueGrid.Text(g.Granularity)}]") : "";
            return $"{QueryWords.Of(Operation)}{grid}({string.Join(',', Operands.Select(o => o.Canonical))})";
        }
    }
}
