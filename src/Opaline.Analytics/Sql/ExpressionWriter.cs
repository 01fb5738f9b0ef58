using System.Globalization;
using Opaline.Catalog;
using Opaline.Storage;

namespace Opaline.Analytics;

/// <summary>
/// Writes planned expressions in SQL that DuckDB and PostgreSQL compute alike. Numbers are 64-bit counts of steps; where a double is used it is exact, or
/// rounded by IEEE's one rule, so that both engines give the same integer.
/// </summary>
internal sealed class ExpressionWriter(SqlParameters parameters)
{
    /// <summary>The SQL of an expression, in brackets where it needs them.</summary>
    public string Write(PlannedExpression expression) => expression switch
    {
        PlannedColumn { Grid: { Granularity: 1 } grid, Field.Type: FieldType.Int64 } column => Whole(EventTable.Column(column.Field), grid),
        PlannedColumn { Grid: { } grid } column => Steps(EventTable.Column(column.Field), grid),
        PlannedColumn column => EventTable.Column(column.Field),
        PlannedConstant constant => Constant(constant),
        PlannedTimePart part => Part(part.Part, EventTime.LocalTime(part.Offsets)),
        PlannedOperation operation => Operate(operation),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>A number as steps of a grid, clamped to its bounds; missing where it is missing.</summary>
    public string Clamped(PlannedExpression number, ValueGrid grid)
    {
        // A column is clamped as it is read; an expression stays inside its own bounds, but is clamped all the same: they are what the noise hides.
        string value = grid.Granularity > number.Grid!.Granularity ? Coarse(number, grid.Granularity) : In(number, grid.Granularity);
        return number is PlannedColumn && number.Grid == grid
            ? value
            : $"CASE WHEN {value} <= {parameters.Add(grid.Lower)} THEN {parameters.Add(grid.Lower)} "
                + $"WHEN {value} >= {parameters.Add(grid.Upper)} THEN {parameters.Add(grid.Upper)} ELSE {value} END";
    }

    // The nearest longer step.
    private string Coarse(PlannedExpression number, decimal step) =>
        $"CAST(floor(CAST({Write(number)} AS DOUBLE PRECISION) / {parameters.Add((double)(step / number.Grid!.Granularity))} + 0.5) AS BIGINT)";

    // The nearest step of the grid between the bounds, NULL for no value. The bounds are compared first, so that no conversion can overflow; NaN is greater
    // than every number in both engines. Halves go up: engines differ in what round() does to them.
    private string Steps(string column, ValueGrid grid) =>
        $"CASE WHEN {column} <= {parameters.Add((double)grid.LowerValue)} THEN {parameters.Add(grid.Lower)} "
        + $"WHEN {column} >= {parameters.Add((double)grid.UpperValue)} THEN {parameters.Add(grid.Upper)} "
        + $"ELSE CAST(floor(CAST({column} AS DOUBLE PRECISION) / {parameters.Add((double)grid.Granularity)} + 0.5) AS BIGINT) END";

    // The same of a column that holds steps already.
    private string Whole(string column, ValueGrid grid) =>
        $"CASE WHEN {column} <= {parameters.Add(grid.Lower)} THEN {parameters.Add(grid.Lower)} "
        + $"WHEN {column} >= {parameters.Add(grid.Upper)} THEN {parameters.Add(grid.Upper)} ELSE {column} END";

    private string Constant(PlannedConstant constant) => constant switch
    {
        { Grid: { } grid } => parameters.Add(grid.Lower),
        { Type: { } type } => parameters.Add(type, constant.Text),
        _ => throw new InvalidOperationException("A word is no value."),
    };

    private string Operate(PlannedOperation operation)
    {
        PlannedExpression[] operands = [.. operation.Operands];
        return operation.Operation switch
        {
            Operation.Add => $"({In(operands[0], Step(operation))} + {In(operands[1], Step(operation))})",
            Operation.Subtract => $"({In(operands[0], Step(operation))} - {In(operands[1], Step(operation))})",
            Operation.Multiply => $"({Write(operands[0])} * {Write(operands[1])})",
            Operation.Divide => Quotient(operands[0], operands[1], operation.Grid!),
            Operation.Negate => $"(- {Write(operands[0])})",
            Operation.Absolute => $"abs({Write(operands[0])})",
            Operation.Floor or Operation.Bucket => Multiples(operands[0], operation.Grid!),
            Operation.Least or Operation.Greatest =>
                $"{QueryWords.Of(operation.Operation)}({string.Join(", ", operands.Select(o => In(o, Step(operation))))})",
            Operation.Equal => Compare("=", operands),
            Operation.NotEqual => Compare("<>", operands),
            Operation.Less => Compare("<", operands),
            Operation.LessOrEqual => Compare("<=", operands),
            Operation.Greater => Compare(">", operands),
            Operation.GreaterOrEqual => Compare(">=", operands),
            Operation.In => $"{Write(operands[0])} IN ({string.Join(", ", operands.Skip(1).Select(Write))})",
            Operation.IsNull => $"({Write(operands[0])} IS NULL)",
            Operation.IsNotNull => $"({Write(operands[0])} IS NOT NULL)",
            Operation.And => $"({string.Join(" AND ", operands.Select(Write))})",
            Operation.Or => $"({string.Join(" OR ", operands.Select(Write))})",
            Operation.Not => $"(NOT {Write(operands[0])})",
            Operation.Case => Case(operation),
            Operation.Coalesce => $"COALESCE({string.Join(", ", operands.Select(o => Result(o, operation)))})",
            Operation.Truncate => $"CAST(date_trunc('{((PlannedConstant)operands[0]).Text}', {Write(operands[1])}) AS DATE)",
            Operation.Extract => Part(QueryWords.Find<TimePart>(((PlannedConstant)operands[0]).Text, TimeParts.Word)!.Value, Write(operands[1])),
            Operation.Prefix => $"substr({Write(operands[0])}, 1, {Length(operands[1])})",
            Operation.StartsWith => $"(substr({Write(operands[0])}, 1, {CodePoints(operands[1])}) = {Write(operands[1])})",
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    private static decimal Step(PlannedOperation operation) => operation.Grid!.Granularity;

    private static long Length(PlannedExpression constant) => constant.Grid!.Lower;

    private static int CodePoints(PlannedExpression constant) => ((PlannedConstant)constant).Text.EnumerateRunes().Count();

    // The number in steps of a divisor of its own.
    private string In(PlannedExpression number, decimal step)
    {
        decimal factor = number.Grid!.Factor(step);
        return factor == 1 ? Write(number) : $"({Write(number)} * {parameters.Add((long)factor)})";
    }

    private string Quotient(PlannedExpression dividend, PlannedExpression divisor, ValueGrid grid)
    {
        // Steps of the result in one step of the dividend by one of the divisor.
        double scale = (double)(dividend.Grid!.Granularity / divisor.Grid!.Granularity / grid.Granularity);
        return $"CAST(floor(CAST({Write(dividend)} AS DOUBLE PRECISION) * {parameters.Add(scale)} / NULLIF({Write(divisor)}, 0) + 0.5) AS BIGINT)";
    }

    private string Multiples(PlannedExpression number, ValueGrid grid) =>
        $"CAST(floor(CAST({Write(number)} AS DOUBLE PRECISION) * {parameters.Add((double)number.Grid!.Granularity)} / {parameters.Add((double)grid.Granularity)}) AS BIGINT)";

    private string Compare(string sign, PlannedExpression[] operands)
    {
        if (operands[0].Grid is null)
            return $"({Write(operands[0])} {sign} {Write(operands[1])})";
        decimal step = ValueGrid.CommonStep(operands[0].Grid!.Granularity, operands[1].Grid!.Granularity);
        return $"({In(operands[0], step)} {sign} {In(operands[1], step)})";
    }

    private string Case(PlannedOperation operation)
    {
        List<string> parts = [];
        for (int i = 0; i + 1 < operation.Operands.Length; i += 2)
            parts.Add($"WHEN {Write(operation.Operands[i])} THEN {Result(operation.Operands[i + 1], operation)}");
        if (operation.Operands.Length % 2 == 1)
            parts.Add($"ELSE {Result(operation.Operands[^1], operation)}");
        return $"CASE {string.Join(' ', parts)} END";
    }

    private string Result(PlannedExpression result, PlannedOperation whole) => whole.Kind == ValueKind.Number ? In(result, Step(whole)) : Write(result);

    private static string Part(TimePart part, string time)
    {
        string word = part == TimePart.DayOfWeek ? "isodow" : TimeParts.Word(part);
        return string.Create(CultureInfo.InvariantCulture, $"CAST(EXTRACT({word} FROM {time}) AS BIGINT)");
    }
}
