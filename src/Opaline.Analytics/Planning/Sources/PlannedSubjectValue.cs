using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A bounded number about a subject.</summary>
/// <param name="As">Its field.</param>
/// <param name="Function">What of the subject's rows.</param>
/// <param name="Argument">Of what; null for the rows themselves.</param>
/// <param name="Filter">Rows that count; null for all.</param>
/// <param name="Grid">Its public grid.</param>
internal sealed record PlannedSubjectValue(
    Field As, SubjectFunction Function, PlannedExpression? Argument, PlannedExpression? Filter, ValueGrid Grid)
{
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"{Function}({Argument?.Canonical}|{Filter?.Canonical}|{Grid.Lower},{Grid.Upper},{ValueGrid.Text(Grid.Granularity)})");
}
