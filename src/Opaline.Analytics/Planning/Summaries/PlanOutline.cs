using System.Globalization;

namespace Opaline.Analytics;

/// <summary>
/// What a plan asks, in one short line for the audit log. Of conditions and expressions it has the shape: the fields and what is done with them, a question mark for
/// every constant. Names that a caller gave to keys, measures and steps are left out too.
/// </summary>
internal static class PlanOutline
{
    /// <summary>The most characters of an outline; a longer one ends in an ellipsis.</summary>
    public const int MaxLength = 4_000;

    /// <summary>The outline of a plan.</summary>
    public static string Of(QueryPlan plan)
    {
        // What may be long comes last.
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Dataset.Name} v{plan.Dataset.Version} per {PlanSummaries.Word(plan.Dataset.Unit)}, {plan.Range.From:yyyy-MM-dd'T'HH:mm:ss'Z'} to {plan.Range.To:yyyy-MM-dd'T'HH:mm:ss'Z'} in {plan.Calendar.Zone.Id}; ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"bounds {plan.Bounds.Groups} x {plan.Bounds.RowsPerGroup} of {plan.BoundsSetBy}; {(plan.Ordinals is null ? "nested" : "ordinals")}; {QueryWords.Of(plan.Mechanism)}; ")
            + $"measures {List(plan.Measures.Select(m => Of(m, plan)))}; by {List(plan.Keys.Select(Of))}; from {Of(plan.Source)}; where {List(plan.Where.Select(Of))}";
        return text.Length <= MaxLength ? text : text[..(MaxLength - 1)] + "…";
    }

    private static string List(IEnumerable<string> parts) => $"[{string.Join(", ", parts)}]";

    private static string Of(PlannedMeasure measure, QueryPlan plan)
    {
        // A rate has no integers of its own.
        if (measure.Components is not [{ Shape: { } shape }, ..])
            return QueryWords.Of(measure.Function);
        string bounds = shape.Value is PlannedColumn && measure.Grid is { } grid && IsDeclared(grid, plan) ? string.Create(CultureInfo.InvariantCulture, $" in {grid.LowerValue}..{grid.UpperValue}") : "";
        return $"{QueryWords.Of(measure.Function)}({(shape.Value is { } value ? Of(value) : "")}){bounds}{(shape.Filter is { } filter ? $" if {Of(filter)}" : "")}";
    }

    // Bounds that an expression, a clamp or a subquery makes are made of the caller's constants.
    private static bool IsDeclared(ValueGrid grid, QueryPlan plan) =>
        plan.Source.Datasets.Any(d => d.Fields.Any(f => f.Measure is { } bounds && bounds.Lower == grid.LowerValue && bounds.Upper == grid.UpperValue));

    private static string Of(PlannedKey key) => key switch
    {
        PlannedPeriodKey period => QueryWords.Of(period.Grid.Period),
        PlannedExpressionKey value => Of(value.Expression),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static string Of(PlannedExpression expression) => expression switch
    {
        PlannedColumn column => column.Field.Name,
        PlannedConstant => "?",
        PlannedTimePart time => TimeParts.Word(time.Part),
        // Its first operand is a word of the language.
        PlannedOperation { Operation: Operation.Truncate, Operands: [PlannedConstant period, { } time] } => $"truncate({period.Text}, {Of(time)})",
        // How many constants a list has is not its shape.
        PlannedOperation { Operation: Operation.In, Operands: [{ } first, ..] } => $"in({Of(first)}, ?)",
        PlannedOperation call => $"{QueryWords.Of(call.Operation)}({string.Join(", ", call.Operands.Select(Of))})",
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private static string Of(PlannedSource source) => source switch
    {
        PlannedTable table => table.Table.Name,
        PlannedJoin join => $"{QueryWords.Of(join.Kind)} join({Of(join.Left)}, {Of(join.Right)}, on {(join.On is { } on ? $"{on.Left.Name} = {on.Right.Name}" : "subject")})",
        PlannedSubjects subjects => $"subjects({Of(subjects.Source)}, where {List(subjects.Where.Select(Of))}, "
            + $"by {List(subjects.Keys.Select(k => Of(k.Key)))}, {List(subjects.Values.Select(Of))})",
        PlannedActivity activity => $"activity({Inner(activity)}, {QueryWords.Of(activity.Short.Period)} of {QueryWords.Of(activity.Long.Period)})",
        PlannedFunnel funnel => $"funnel({Inner(funnel)}, steps {List(funnel.Steps.Select(Of))})",
        PlannedPaths paths => string.Create(CultureInfo.InvariantCulture, $"paths({Inner(paths)}, {paths.Length} of {Of(paths.Value)})"),
        PlannedRetention retention => string.Create(
            CultureInfo.InvariantCulture, $"retention({Inner(retention)}, {retention.Periods} periods)"),
        PlannedSessions sessions => string.Create(
            CultureInfo.InvariantCulture, $"sessions({Inner(sessions)}, gap {sessions.Gap.TotalMinutes} minutes)"),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private static string Of(PlannedSubjectValue value) =>
        $"{QueryWords.Of(value.Function)}({(value.Argument is { } argument ? Of(argument) : "")}){(value.Filter is { } filter ? $" if {Of(filter)}" : "")}";

    private static string Inner(PlannedBehaviour source) => $"{Of(source.Events)}, where {List(source.Where.Select(Of))}";
}
