using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Resolves measures: their grids, their integers, and what one unit can change in them.</summary>
internal static class MeasurePlanner
{
    private const int MaxName = 64;

    public static ImmutableArray<MeasureDraft> Plan(Dataset dataset, ImmutableArray<Measure> measures, Nesting nesting, int rows)
    {
        if (measures.Length > QueryLimits.MaxMeasures)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxMeasures} measures.", "$.measures");
        ImmutableArray<MeasureDraft>.Builder drafts = ImmutableArray.CreateBuilder<MeasureDraft>(measures.Length);
        for (int i = 0; i < measures.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.measures[{i}]");
            MeasureDraft draft = Plan(dataset, measures[i], nesting, rows, path);
            if (drafts.Any(d => d.Name == draft.Name))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Each measure needs a name of its own.", path + ".name");
            drafts.Add(draft);
        }

        return drafts.MoveToImmutable();
    }

    private static MeasureDraft Plan(Dataset dataset, Measure measure, Nesting nesting, int rows, string path)
    {
        bool measured = measure.Function is MeasureFunction.Sum or MeasureFunction.Mean;
        if (measured && measure.Field is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "sum and mean need a \"field\".", path + ".field");
        if (!measured && measure.Field is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "count and distinct_subjects take no \"field\".", path + ".field");
        if (!measured && measure.Clamp is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, "Only sum and mean have a \"clamp\".", path + ".clamp");
        (Field? field, ValueGrid? grid) = measured ? Grid(dataset, measure, path) : (null, null);
        ImmutableArray<ComponentKind> kinds = measure.Function switch
        {
            MeasureFunction.Count => [ComponentKind.Rows],
            MeasureFunction.Sum => [ComponentKind.Sum],
            MeasureFunction.Mean => [ComponentKind.CentredSum, ComponentKind.ValueRows],
            MeasureFunction.DistinctSubjects => [nesting.Spans ? ComponentKind.Subjects : ComponentKind.Units],
            _ => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Unknown function.", path + ".function"),
        };
        return new MeasureDraft(
            Name(measure, path),
            measure.Function,
            field,
            grid,
            [.. kinds.Select(k => (k, SensitivityOf(k, grid, nesting, rows)))]);
    }

    /// <summary>What one unit can change.</summary>
    public static Sensitivity SensitivityOf(ComponentKind kind, ValueGrid? grid, Nesting nesting, int rows) =>
        new(kind == ComponentKind.Subjects ? nesting.SpanGroups : nesting.Kappa, Component.MaxChange(kind, grid, rows));

    private static (Field Field, ValueGrid Grid) Grid(Dataset dataset, Measure measure, string path)
    {
        (Field field, MeasureBounds bounds) = FieldUse.Measure(dataset, measure.Field!, path + ".field");
        decimal step = bounds.Granularity;
        ClampRange clamp = measure.Clamp ?? new ClampRange(bounds.Lower, bounds.Upper);
        if (clamp.Lower < bounds.Lower || clamp.Upper > bounds.Upper || clamp.Lower >= clamp.Upper || clamp.Lower % step != 0 || clamp.Upper % step != 0)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidBounds,
                string.Create(CultureInfo.InvariantCulture, $"A clamp is [lower, upper] within [{bounds.Lower}, {bounds.Upper}], in steps of {step}."),
                path + ".clamp");
        }

        return (field, new ValueGrid((long)(clamp.Lower / step), (long)(clamp.Upper / step), step));
    }

    private static string Name(Measure measure, string path)
    {
        string name = measure.Name
            ?? (measure.Field is null ? QueryWords.Of(measure.Function) : $"{QueryWords.Of(measure.Function)}_{measure.Field}");
        bool good = name.Length is > 0 && (measure.Name is null || name.Length <= MaxName) && name.EnumerateRunes().All(r => !Rune.IsControl(r));
        return good ? name : throw new QueryRefusedException(
            RefusalCodes.InvalidQuery, $"A name has 1 to {MaxName} characters, none of them a control character.", path + ".name");
    }
}
