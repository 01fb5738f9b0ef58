using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Opaline.Analytics;

/// <summary>Resolves measures: their grids, their integers, and what one unit can change in them.</summary>
internal sealed class MeasurePlanner(ExpressionPlanner expressions, Nesting nesting, int rows, int? cells)
{
    public ImmutableArray<MeasureDraft> Plan(ImmutableArray<Measure> measures)
    {
        if (measures.Length > QueryLimits.MaxMeasures)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"A query has at most {QueryLimits.MaxMeasures} measures.", "$.measures");
        if (measures.Length > 1 && measures.Any(m => m.Function is MeasureFunction.Contributions or MeasureFunction.Bounds))
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, "contributions and bounds are releases of their own: ask for nothing else with them.", "$.measures");
        ImmutableArray<MeasureDraft>.Builder drafts = ImmutableArray.CreateBuilder<MeasureDraft>(measures.Length);
        for (int i = 0; i < measures.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"$.measures[{i}]");
            MeasureDraft draft = Plan(measures[i], path);
            if (drafts.SelectMany(d => d.Columns).Intersect(draft.Columns, StringComparer.Ordinal).Any())
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Each measure needs a name of its own.", path + ".name");
            drafts.Add(draft);
        }

        return drafts.MoveToImmutable();
    }

    /// <summary>Whether the question is what units contribute, so that groups are counted and not answered about.</summary>
    public static bool IsAboutUnits(ImmutableArray<Measure> measures) => measures is [{ Function: MeasureFunction.Contributions }];

    /// <summary>What one unit can change. Each of its rows is in one node of every level of a tree.</summary>
    public static Sensitivity SensitivityOf(ComponentShape shape, Nesting nesting, int rows) =>
        new(
            (shape.Kind == ComponentKind.Subjects ? nesting.SpanL0 : nesting.L0) * (shape.Bins?.Height ?? 1),
            nesting.Coupled ? Width(shape.Clamp(rows)) : shape.MaxChange(rows));

    // A contribution that is there in both cases can change from one end to the other.
    private static BigInteger Width((long Lower, long Upper) clamp) => (BigInteger)clamp.Upper - clamp.Lower;

    private MeasureDraft Plan(Measure measure, string path)
    {
        PlannedExpression? filter = measure.Filter is { } condition ? expressions.Condition(condition, path + ".filter") : null;
        ImmutableArray<ComponentShape> shapes = measure.Function switch
        {
            MeasureFunction.Count => [Rows(measure, filter, path)],
            MeasureFunction.DistinctSubjects when measure.Argument is null =>
                [new ComponentShape(nesting is { Spans: true, Coupled: false } ? ComponentKind.Subjects : ComponentKind.Units, Filter: filter)],
            MeasureFunction.DistinctSubjects =>
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "distinct_subjects takes no \"field\".", path + ".field"),
            MeasureFunction.DistinctValues => [Values(measure, filter, path)],
            MeasureFunction.Sum or MeasureFunction.Mean => Amounts(measure, filter, path),
            MeasureFunction.Variance or MeasureFunction.StandardDeviation => Amounts(measure, filter, path),
            MeasureFunction.Quantiles or MeasureFunction.Histogram => [new BinPlanner(cells).Plan(measure, Amounts(measure, filter, path)[0], path)],
            MeasureFunction.Contributions => BinPlanner.Contributions(measure, filter, path),
            MeasureFunction.Bounds when cells != 1 =>
                throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Bounds are found for all rows together: leave \"group_by\" out.", "$.group_by"),
            MeasureFunction.Bounds => [BinPlanner.Magnitudes(Amounts(measure, filter, path)[0], rows)],
            _ => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Unknown function.", path + ".function"),
        };
        ValueGrid? grid = shapes[0].Grid;
        if (grid is null && measure.Clamp is not null)
            throw new QueryRefusedException(RefusalCodes.InvalidBounds, "Only measures of a number have a \"clamp\".", path + ".clamp");
        return new MeasureDraft(
            measure.Name is { } name ? GivenName.Check(name, path) : DefaultName(measure),
            measure.Function,
            (measure.Argument as FieldExpression)?.Name,
            grid,
            measure.Function == MeasureFunction.Quantiles ? measure.Points : [],
            BinPlanner.Labels(measure, shapes),
            [.. shapes.Select(s => (s, SensitivityOf(s, nesting, rows)))]);
    }

    private ComponentShape Values(Measure measure, PlannedExpression? filter, string path) => new(
        ComponentKind.Values,
        measure.Argument switch
        {
            null => throw new QueryRefusedException(RefusalCodes.InvalidQuery, "distinct_values needs a \"field\" or an \"expression\".", path + ".field"),
            FieldExpression field => expressions.Counted(field, path),
            { } value => expressions.Plan(value, path + ".expression"),
        },
        Filter: filter);

    private ComponentShape Rows(Measure measure, PlannedExpression? filter, string path) => measure.Argument switch
    {
        null => new ComponentShape(ComponentKind.Rows, Filter: filter),
        FieldExpression field => new ComponentShape(ComponentKind.ValueRows, expressions.Raw(field, path), Filter: filter),
        { } value => new ComponentShape(ComponentKind.ValueRows, expressions.Plan(value, path + ".expression"), Filter: filter),
    };

    // The integers of a number, the first one with the grid in which all count.
    private ImmutableArray<ComponentShape> Amounts(Measure measure, PlannedExpression? filter, string path)
    {
        if (measure.Argument is null)
            throw new QueryRefusedException(RefusalCodes.InvalidQuery, $"{QueryWords.Of(measure.Function)} needs a \"field\" or an \"expression\".", path + ".field");
        PlannedExpression value = expressions.Number(measure.Argument, measure.Argument is FieldExpression ? path : path + ".expression");
        ValueGrid grid = Clamp(value.Grid!, measure.Clamp, measure.Argument.Fragment ?? path + ".clamp");
        bool squared = measure.Function is MeasureFunction.Variance or MeasureFunction.StandardDeviation;
        if (squared)
            grid = grid.Coarsened(ValueGrid.MaxSquared);
        // A column is clamped as it is read.
        if (value is PlannedColumn)
            value = value with { Grid = grid };
        ComponentShape Of(ComponentKind kind) => new(kind, value, grid, filter);
        if (measure.Function is MeasureFunction.Sum or MeasureFunction.Quantiles or MeasureFunction.Histogram or MeasureFunction.Bounds)
            return [Of(ComponentKind.Sum)];
        // Whether there is a value does not depend on its clamp, so that means of one field share their count with each other and with count(field).
        ComponentShape count = new(ComponentKind.ValueRows, value is PlannedColumn ? value with { Grid = null } : value, null, filter);
        return squared ? [Of(ComponentKind.CentredSquares), Of(ComponentKind.CentredSum), count] : [Of(ComponentKind.CentredSum), count];
    }

    private static ValueGrid Clamp(ValueGrid grid, ClampRange? clamp, string path)
    {
        ValueGrid clamped = grid.Within(clamp ?? new ClampRange(grid.LowerValue, grid.UpperValue), path);
        return Math.Max(Math.Abs(clamped.Lower), Math.Abs(clamped.Upper)) <= ValueGrid.MaxSummed
            ? clamped
            : throw new QueryRefusedException(
                RefusalCodes.RangeTooLarge,
                string.Create(CultureInfo.InvariantCulture, $"What is added up has at most {ValueGrid.MaxSummed} steps of {grid.Granularity} from zero: give a \"clamp\", limit it by least and greatest such as least(x, 100), or round by bucket."),
                path);
    }

    /// <summary>The name of a measure that is given none.</summary>
    public static string DefaultName(Measure measure)
    {
        string word = QueryWords.Of(measure.Function);
        return measure.Argument is null ? word : measure.Argument is FieldExpression field ? $"{word}_{field.Name}" : $"{word}_of_expression";
    }
}
