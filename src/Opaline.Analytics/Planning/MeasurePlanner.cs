using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Opaline.Analytics;

/// <summary>Resolves measures: their grids, their integers, and what one unit can change in them.</summary>
internal sealed class MeasurePlanner(ExpressionPlanner expressions, Nesting nesting, int rows)
{
    private const int MaxName = 64;

    public ImmutableArray<MeasureDraft> Plan(ImmutableArray<Measure> measures)
    {
        if (measures.Length > QueryLimits.MaxMeasures)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxMeasures} measures.", "$.measures");
        ImmutableArray<MeasureDraft>.Builder drafts = ImmutableArray.CreateBuilder<MeasureDraft>(measures.Length);
        for (int i = 0; i < measures.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.measures[{i}]");
            MeasureDraft draft = Plan(measures[i], path);
            if (drafts.Any(d => d.Name == draft.Name))
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Each measure needs a name of its own.", path + ".name");
            drafts.Add(draft);
        }

        return drafts.MoveToImmutable();
    }

    /// <summary>What one unit can change.</summary>
    public static Sensitivity SensitivityOf(ComponentShape shape, Nesting nesting, int rows) =>
        new(shape.Kind == ComponentKind.Subjects ? nesting.SpanGroups : nesting.Kappa, shape.MaxChange(rows));

    private MeasureDraft Plan(Measure measure, string path)
    {
        PlannedExpression? filter = measure.Filter is { } condition ? expressions.Condition(condition, path + ".filter") : null;
        (ValueGrid? grid, ImmutableArray<ComponentShape> shapes) = measure.Function switch
        {
            MeasureFunction.Count => (null, [Rows(measure, filter, path)]),
            MeasureFunction.DistinctSubjects when measure.Argument is null =>
                (null, [new ComponentShape(nesting.Spans ? ComponentKind.Subjects : ComponentKind.Units, Filter: filter)]),
            MeasureFunction.DistinctSubjects =>
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "distinct_subjects takes no \"field\".", path + ".field"),
            MeasureFunction.Sum or MeasureFunction.Mean => Amounts(measure, filter, path),
            _ => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Unknown function.", path + ".function"),
        };
        if (grid is null && measure.Clamp is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, "Only measures of a number have a \"clamp\".", path + ".clamp");
        return new MeasureDraft(
            Name(measure, path),
            measure.Function,
            (measure.Argument as FieldExpression)?.Name,
            grid,
            [.. shapes.Select(s => (s, SensitivityOf(s, nesting, rows)))]);
    }

    private ComponentShape Rows(Measure measure, PlannedExpression? filter, string path) => measure.Argument switch
    {
        null => new ComponentShape(ComponentKind.Rows, Filter: filter),
        FieldExpression field => new ComponentShape(ComponentKind.ValueRows, expressions.Raw(field, path), Filter: filter),
        { } value => new ComponentShape(ComponentKind.ValueRows, expressions.Plan(value, path + ".expression"), Filter: filter),
    };

    private (ValueGrid Grid, ImmutableArray<ComponentShape> Shapes) Amounts(Measure measure, PlannedExpression? filter, string path)
    {
        if (measure.Argument is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"{QueryWords.Of(measure.Function)} needs a \"field\" or an \"expression\".", path + ".field");
        PlannedExpression value = expressions.Number(measure.Argument, measure.Argument is FieldExpression ? path : path + ".expression");
        ValueGrid grid = Clamp(value.Grid!, measure.Clamp, path);
        // A column is clamped as it is read.
        if (value is PlannedColumn)
            value = value with { Grid = grid };
        return measure.Function == MeasureFunction.Sum
            ? (grid, [new ComponentShape(ComponentKind.Sum, value, grid, filter)])
            : (grid, [new ComponentShape(ComponentKind.CentredSum, value, grid, filter), new ComponentShape(ComponentKind.ValueRows, value, null, filter)]);
    }

    private static ValueGrid Clamp(ValueGrid grid, ClampRange? clamp, string path)
    {
        decimal step = grid.Granularity;
        ClampRange bounds = clamp ?? new ClampRange(grid.LowerValue, grid.UpperValue);
        if (bounds.Lower < grid.LowerValue || bounds.Upper > grid.UpperValue || bounds.Lower >= bounds.Upper || bounds.Lower % step != 0 || bounds.Upper % step != 0)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidBounds,
                string.Create(CultureInfo.InvariantCulture, $"A clamp is [lower, upper] within [{grid.LowerValue}, {grid.UpperValue}], in steps of {step}."),
                path + ".clamp");
        }

        long lower = (long)(bounds.Lower / step);
        long upper = (long)(bounds.Upper / step);
        return Math.Max(Math.Abs(lower), Math.Abs(upper)) <= ValueGrid.MostSummed
            ? new ValueGrid(lower, upper, step)
            : throw new QueryRefusedException(
                RefusalCodes.RangeTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"What is added up has at most {ValueGrid.MostSummed} steps of {step} from zero: give a \"clamp\", or round by bucket."),
                path + ".clamp");
    }

    /// <summary>The name of a measure that is given none.</summary>
    public static string DefaultName(Measure measure)
    {
        string word = QueryWords.Of(measure.Function);
        return measure.Argument is null ? word : measure.Argument is FieldExpression field ? $"{word}_{field.Name}" : $"{word}_of_expression";
    }

    private static string Name(Measure measure, string path)
    {
        string name = measure.Name ?? DefaultName(measure);
        bool good = name.Length is > 0 && (measure.Name is null || name.Length <= MaxName) && name.EnumerateRunes().All(r => !Rune.IsControl(r));
        return good ? name : throw new QueryRefusedException(
            RefusalCodes.InvalidQuery, $"A name has 1 to {MaxName} characters, none of them a control character.", path + ".name");
    }
}
