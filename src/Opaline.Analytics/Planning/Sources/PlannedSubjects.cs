using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>One row per subject, or per subject and keys.</summary>
/// <param name="Schema">Keys and values as fields.</param>
/// <param name="Source">Whose rows are summed up.</param>
/// <param name="Where">Which of them.</param>
/// <param name="Keys">The keys with their fields.</param>
/// <param name="Values">The values with their fields.</param>
internal sealed record PlannedSubjects(
    Dataset Schema,
    PlannedSource Source,
    ImmutableArray<PlannedExpression> Where,
    ImmutableArray<(Field As, PlannedExpression Key)> Keys,
    ImmutableArray<PlannedSubjectValue> Values) : PlannedSource(Schema)
{
    public override ImmutableArray<Dataset> Datasets => Source.Datasets;

    public override bool Couples => true;

    public override int? MaxGroups => OneRow ? 1 : null;

    public override bool OneRow => Keys.IsEmpty;

    public override int? MaxPerSide => Source.MaxPerSide;

    public override string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"subjects({Source.Canonical},{Text(Where)},{Text(Keys.Select(k => k.Key))},[{string.Join(',', Values.Select(v => v.Canonical))}])");
}
