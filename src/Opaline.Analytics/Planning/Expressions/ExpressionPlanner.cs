using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Gives expressions their types, bounds and public values, from the catalog alone. Whatever could fail for some row, or has no bounds where it needs
/// them, is refused here; so no engine error can depend on data.
/// </summary>
internal sealed class ExpressionPlanner(Dataset dataset, ZoneCalendar calendar, TimeRange range)
{
    private int _nodes;

    /// <summary>Conditions of a row, all of which must hold, in canonical order, each once.</summary>
    public ImmutableArray<PlannedExpression> Conditions(ImmutableArray<Expression> where, string path = "$.where")
    {
        List<PlannedExpression> conditions = [];
        for (int i = 0; i < where.Length; i++)
            conditions.Add(Condition(where[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")));
        return Operands(Operation.And, conditions);
    }

    /// <summary>A condition of a row.</summary>
    public PlannedExpression Condition(Expression expression, string path)
    {
        PlannedExpression planned = Plan(expression, path);
        return planned.Kind == ValueKind.Boolean
            ? planned
            : throw Refuse(RefusalCodes.OperatorNotAllowed, "A condition is true or false: compare this with something.", expression, path);
    }

    /// <summary>A number with bounds and a grid.</summary>
    public PlannedExpression Number(Expression expression, string path)
    {
        if (expression is FieldExpression field)
            return BoundedColumn(field.Name, field.Fragment ?? path + ".field");
        PlannedExpression planned = Plan(expression, path);
        return planned is { Kind: ValueKind.Number, Grid: not null }
            ? planned
            : throw Refuse(RefusalCodes.OperatorNotAllowed, "This must be a number.", expression, path);
    }

    /// <summary>Any value.</summary>
    public PlannedExpression Plan(Expression expression, string path)
    {
        if (++_nodes > QueryLimits.MaxNodes)
            throw Refuse(RefusalCodes.InvalidQuery, $"The expressions of a query have at most {QueryLimits.MaxNodes} parts.", expression, path);
        return expression switch
        {
            FieldExpression field => Column(field, path),
            ConstantExpression constant => Constant(constant, path),
            OperationExpression operation => Plan(operation, path),
            _ => throw Refuse(RefusalCodes.InvalidQuery, "Unknown kind of expression.", expression, path),
        };
    }

    public static QueryRefusedException Refuse(string code, string detail, Expression expression, string path) => new(code, detail, expression.Fragment ?? path);

    private PlannedExpression Plan(OperationExpression call, string path)
    {
        switch (call.Operation)
        {
            case Operation.Equal or Operation.NotEqual or Operation.Less or Operation.LessOrEqual or Operation.Greater or Operation.GreaterOrEqual or Operation.In:
                return new ComparisonPlanner(this).Plan(call, path);
            case Operation.IsNull or Operation.IsNotNull:
                return NullTest(call, path);
            case Operation.And or Operation.Or:
                CheckCount(call, path, 2, QueryLimits.MaxConditions);
                return Junction(call.Operation, [.. call.Arguments.Select((a, i) => Condition(a, Argument(path, i)))]);
            case Operation.Not:
                CheckCount(call, path, 1, 1);
                return Boolean(Operation.Not, Condition(call.Arguments[0], Argument(path, 0)));
            case Operation.Case or Operation.Coalesce:
                return Choice(call, path);
            case Operation.Truncate:
                return Truncate(call, path);
            case Operation.Extract:
                return Extract(call, path);
            case Operation.Prefix or Operation.StartsWith:
                return Text(call, path);
            default:
                return NumberPlanner.Plan(call, [.. call.Arguments.Select((a, i) => Number(a, Argument(path, i)))], path);
        }
    }

    public static string Argument(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}.args[{index}]");

    public static PlannedExpression Boolean(Operation operation, params ReadOnlySpan<PlannedExpression> operands) =>
        new PlannedOperation(ValueKind.Boolean, operation, [.. operands]) { Domain = ["false", "true"] };

    public static void CheckCount(OperationExpression call, string path, int least, int most)
    {
        if (call.Arguments.Length < least || call.Arguments.Length > most)
        {
            throw Refuse(
                RefusalCodes.InvalidQuery,
                least == most ? $"This operation takes {least} arguments." : $"This operation takes {least} to {most} arguments.",
                call,
                path);
        }
    }

    private static PlannedExpression Junction(Operation operation, List<PlannedExpression> conditions)
    {
        ImmutableArray<PlannedExpression> operands = Operands(operation, conditions);
        return operands.Length == 1 ? operands[0] : Boolean(operation, operands.AsSpan());
    }

    // The order of conditions means nothing, nor does saying one twice or in brackets.
    private static ImmutableArray<PlannedExpression> Operands(Operation operation, List<PlannedExpression> conditions) =>
    [
        .. conditions
            .SelectMany(c => c is PlannedOperation nested && nested.Operation == operation ? nested.Operands : [c])
            .DistinctBy(c => c.Canonical)
            .OrderBy(c => c.Canonical, StringComparer.Ordinal),
    ];

    private PlannedColumn Column(FieldExpression expression, string path)
    {
        string place = expression.Fragment ?? path + ".field";
        Field field = FieldUse.Filter(dataset, expression.Name, place);
        if (field.Stored is StoredType.Int64 or StoredType.Double or StoredType.Decimal)
            return BoundedColumn(field.Name, place);
        return new PlannedColumn(ConstantReader.KindOf(field.Stored!.Value), field)
        {
            Domain = field.Stored == StoredType.Boolean ? ["false", "true"] : field.Domain,
        };
    }

    private PlannedColumn BoundedColumn(string name, string place)
    {
        (Field field, MeasureBounds bounds) = FieldUse.Measure(dataset, name, place);
        return new PlannedColumn(ValueKind.Number, field)
        {
            Grid = new ValueGrid((long)(bounds.Lower / bounds.Granularity), (long)(bounds.Upper / bounds.Granularity), bounds.Granularity),
        };
    }

    private static PlannedConstant Constant(ConstantExpression constant, string path)
    {
        Literal value = constant.Value;
        switch (value.Kind)
        {
            case LiteralKind.Boolean:
                return new PlannedConstant(ValueKind.Boolean, StoredType.Boolean, value.Text) { Domain = [value.Text] };
            case LiteralKind.Text:
                return ConstantReader.Read(StoredType.Text, value, constant.Fragment ?? path) with { Domain = [value.Text] };
            default:
                ValueGrid grid = (decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? ValueGrid.OfConstant(number) : null)
                    ?? throw Refuse(RefusalCodes.InvalidValue, "A number has at most 15 digits, 12 of them after the point.", constant, path);
                string text = ValueGrid.Text(number);
                return new PlannedConstant(ValueKind.Number, null, text) { Grid = grid, Domain = [text] };
        }
    }

    private PlannedExpression NullTest(OperationExpression call, string path)
    {
        CheckCount(call, path, 1, 1);
        // A plain field needs no bounds to be missing.
        PlannedExpression operand = call.Arguments[0] is FieldExpression field
            ? Raw(field, path)
            : Plan(call.Arguments[0], Argument(path, 0));
        return Boolean(call.Operation, operand);
    }

    /// <summary>A field whose values are counted and never shown, so that it may be a tokenized one. A number counts on its grid where it has one.</summary>
    public PlannedColumn Counted(FieldExpression expression, string path)
    {
        string place = expression.Fragment ?? path + ".field";
        Field field = FieldUse.Counted(dataset, expression.Name, place);
        if (field.Treatment.Kind == TreatmentKind.Tokenize)
            return new PlannedColumn(ValueKind.Token, field);
        return field.Measure is null ? new PlannedColumn(ConstantReader.KindOf(field.Stored!.Value), field) : BoundedColumn(field.Name, place);
    }

    /// <summary>A field as it is stored.</summary>
    public PlannedColumn Raw(FieldExpression expression, string path)
    {
        Field field = FieldUse.Filter(dataset, expression.Name, expression.Fragment ?? path + ".field");
        return new PlannedColumn(ConstantReader.KindOf(field.Stored!.Value), field);
    }

    private PlannedOperation Choice(OperationExpression call, string path)
    {
        bool chooses = call.Operation == Operation.Case;
        CheckCount(call, path, 2, QueryLimits.MaxConditions * 2);
        List<PlannedExpression> operands = [];
        List<PlannedExpression> results = [];
        for (int i = 0; i < call.Arguments.Length; i++)
        {
            bool condition = chooses && i % 2 == 0 && i + 1 < call.Arguments.Length;
            PlannedExpression operand = condition
                ? Condition(call.Arguments[i], Argument(path, i))
                : Plan(call.Arguments[i], Argument(path, i));
            operands.Add(operand);
            if (!condition)
                results.Add(operand);
        }

        ValueKind kind = results[0].Kind;
        if (results.Any(r => r.Kind != kind))
            throw Refuse(RefusalCodes.OperatorNotAllowed, "All results must be of one type.", call, path);
        ImmutableArray<string>? domain = results.All(r => r.Domain is not null)
            ? [.. results.SelectMany(r => r.Domain!.Value).Distinct(StringComparer.Ordinal)]
            : null;
        ValueGrid? grid = kind == ValueKind.Number ? NumberPlanner.Hull(results, call, path) : null;
        return new PlannedOperation(kind, call.Operation, [.. operands]) { Grid = grid, Domain = domain };
    }

    private PlannedOperation Truncate(OperationExpression call, string path)
    {
        CheckCount(call, path, 2, 2);
        Period period = call.Arguments[0] is ConstantExpression { Value: { Kind: LiteralKind.Text } word } && QueryWords.Find<Period>(word.Text, QueryWords.Of) is { } found
            ? found
            : throw Refuse(RefusalCodes.InvalidPeriod, "A period is hour, day, week or month.", call, path);
        PlannedColumn column = call.Arguments[1] is FieldExpression field && !IsTime(field)
            ? Raw(field, Argument(path, 1))
            : throw Refuse(RefusalCodes.OperatorNotAllowed, "The dataset's time is truncated only as a key of its own: group by {\"period\": …}.", call, path);
        return column.Kind == ValueKind.Date && period != Period.Hour
            ? new PlannedOperation(ValueKind.Date, Operation.Truncate, [new PlannedConstant(ValueKind.Text, null, QueryWords.Of(period)), column])
            : throw Refuse(RefusalCodes.OperatorNotAllowed, "Only dates, and the dataset's time, are truncated to days, weeks or months.", call, path);
    }

    private PlannedExpression Extract(OperationExpression call, string path)
    {
        CheckCount(call, path, 2, 2);
        TimePart part = call.Arguments[0] is ConstantExpression { Value: { Kind: LiteralKind.Text } word } && QueryWords.Find<TimePart>(word.Text, TimeParts.Word) is { } found
            ? found
            : throw Refuse(RefusalCodes.InvalidPeriod, "A part is hour, day_of_week, day, month, quarter or year.", call, path);
        if (call.Arguments[1] is FieldExpression time && IsTime(time))
        {
            DayOffsets offsets = part == TimePart.Hour
                ? DayOffsets.OfClock(calendar.Zone, range.From, range.To)
                : DayOffsets.For(calendar, range.From, range.To);
            return new PlannedTimePart(part, offsets)
            {
                Grid = TimeParts.Grid(part, calendar.DateOf(range.From).Year, calendar.DateOf(range.To.AddTicks(-1)).Year),
            };
        }

        PlannedExpression date = Plan(call.Arguments[1], Argument(path, 1));
        return date.Kind == ValueKind.Date && part != TimePart.Hour
            ? new PlannedOperation(ValueKind.Number, Operation.Extract, [new PlannedConstant(ValueKind.Text, null, TimeParts.Word(part)), date]) { Grid = TimeParts.Grid(part) }
            : throw Refuse(RefusalCodes.OperatorNotAllowed, "Parts are taken of the dataset's time, or, but for the hour, of a date.", call, path);
    }

    private bool IsTime(FieldExpression field) => field.Name == dataset.Time.Name;

    private PlannedExpression Text(OperationExpression call, string path)
    {
        CheckCount(call, path, 2, 2);
        PlannedExpression text = Plan(call.Arguments[0], Argument(path, 0));
        if (text.Kind != ValueKind.Text)
            throw Refuse(RefusalCodes.OperatorNotAllowed, "Only text has a beginning.", call.Arguments[0], Argument(path, 0));
        PlannedExpression constant = call.Arguments[1] is ConstantExpression given
            ? Constant(given, Argument(path, 1))
            : throw Refuse(RefusalCodes.InvalidValue, "This must be a constant.", call.Arguments[1], Argument(path, 1));
        if (call.Operation == Operation.StartsWith)
        {
            return constant.Kind == ValueKind.Text
                ? Boolean(Operation.StartsWith, text, constant)
                : throw Refuse(RefusalCodes.InvalidValue, "This must be text.", call.Arguments[1], Argument(path, 1));
        }

        return constant is { Kind: ValueKind.Number, Grid: { Granularity: 1, Lower: >= 1 and <= 64 and long length } }
            ? new PlannedOperation(ValueKind.Text, Operation.Prefix, [text, constant])
            {
                Domain = text.Domain is { } domain ? [.. domain.Select(v => PrefixOf(v, (int)length)).Distinct(StringComparer.Ordinal)] : null,
            }
            : throw Refuse(RefusalCodes.InvalidValue, "The length is a whole number from 1 to 64.", call.Arguments[1], Argument(path, 1));
    }

    // Engines count code points.
    private static string PrefixOf(string text, int length) => string.Concat(text.EnumerateRunes().Take(length));
}
