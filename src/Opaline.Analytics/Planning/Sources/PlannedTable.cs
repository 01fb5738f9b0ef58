using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>The rows of a dataset.</summary>
/// <param name="Table">The dataset.</param>
/// <param name="Range">When; null for all rows of a dataset about nobody.</param>
internal sealed record PlannedTable(Dataset Table, TimeRange? Range) : PlannedSource(Table)
{
    public override ImmutableArray<Dataset> Datasets => Table.IsPublic ? [] : [Table];

    public override bool Couples => false;

    public override string Canonical =>
        string.Create(CultureInfo.InvariantCulture, $"table({Table.Id},{Table.Version},{Range?.From.Ticks},{Range?.To.Ticks})");
}
