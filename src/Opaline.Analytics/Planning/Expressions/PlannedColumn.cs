using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A field as it is stored; of a number with a <see cref="PlannedExpression.Grid"/> the steps nearest to it between the bounds.</summary>
internal sealed record PlannedColumn(ValueKind Kind, Field Field) : PlannedExpression(Kind)
{
    public override string Canonical => Grid is { } grid
        ? string.Create(CultureInfo.InvariantCulture, $"field({Field.Id},{grid.Lower},{grid.Upper},{ValueGrid.Text(grid.Granularity)})")
        : string.Create(CultureInfo.InvariantCulture, $"field({Field.Id})");
}
