namespace Opaline.Analytics;

/// <summary>Arithmetic and conditions over released values. Nothing fails: what has no result is missing.</summary>
internal static class ColumnArithmetic
{
    /// <exception cref="QueryRefusedException">It is not arithmetic over the names.</exception>
    public static void CheckValue(Expression expression, Func<string, ValueKind?> names, string path)
    {
        switch (expression)
        {
            case FieldExpression field:
                if (names(field.Name) is null)
                    throw new QueryRefusedException(SqlRefusalCodes.NotReleased, "This names no key or measure of the answer.", field.Fragment ?? path);
                break;
            case ConstantExpression:
                break;
            case OperationExpression { Operation: Operation.Case, Arguments: [OperationExpression condition, var value] }:
                CheckCondition(condition, names, path);
                CheckNumber(value, names, path);
                break;
            case OperationExpression { Operation: <= Operation.Greatest or Operation.Coalesce } operation when Fits(operation):
                foreach (Expression argument in operation.Arguments)
                    CheckNumber(argument, names, path);
                break;
            default:
                throw Refuse("Of released values add, subtract, multiply, divide, negate, abs, floor, bucket, least, greatest and coalesce are made.", expression, path);
        }
    }

    /// <exception cref="QueryRefusedException">It is no condition over the names.</exception>
    public static void CheckCondition(Expression expression, Func<string, ValueKind?> names, string path)
    {
        if (expression is not OperationExpression operation)
            throw Refuse("A condition compares a column.", expression, path);
        switch (operation.Operation)
        {
            case Operation.And or Operation.Or when operation.Arguments.Length > 0:
            case Operation.Not when operation.Arguments.Length == 1:
                foreach (Expression part in operation.Arguments)
                    CheckCondition(part, names, path);
                break;
            case Operation.In when operation.Arguments.Length > 1:
            case >= Operation.Equal and <= Operation.GreaterOrEqual when operation.Arguments.Length == 2:
                CheckComparison(operation, names, path);
                break;
            case Operation.IsNull or Operation.IsNotNull when operation.Arguments.Length == 1:
                foreach (Expression value in operation.Arguments)
                    CheckValue(value, names, path);
                break;
            default:
                throw Refuse("A condition on released values is a comparison, or made of them by and, or, not.", expression, path);
        }
    }

    /// <summary>The value of a column.</summary>
    public static ColumnValue Value(Expression expression, Func<string, ColumnValue> names) => expression switch
    {
        FieldExpression field => names(field.Name),
        ConstantExpression { Value: var constant } => ColumnValue.Of(ColumnValue.KindOf(constant), constant.Text),
        _ => ColumnValue.Of(Number(expression, names)),
    };

    /// <summary>Whether the condition holds; what cannot be told does not hold.</summary>
    public static bool Holds(Expression condition, Func<string, ColumnValue> names) => Truth(condition, names) == true;

    // A text is compared with text, a number with numbers, a date with dates: none is read as another because it looks like it.
    private static void CheckComparison(OperationExpression operation, Func<string, ValueKind?> names, string path)
    {
        foreach (Expression value in operation.Arguments)
            CheckValue(value, names, path);
        ValueKind kind = KindOf(operation, a => a is FieldExpression field ? names(field.Name)!.Value : ValueKind.Number);
        foreach (Expression value in operation.Arguments)
        {
            bool same = value switch
            {
                FieldExpression field => names(field.Name) == kind,
                ConstantExpression constant => ColumnValue.Of(kind, constant.Value) is not null,
                _ => kind == ValueKind.Number,
            };
            if (!same)
                throw new QueryRefusedException(RefusalCodes.InvalidValue, $"This is compared with {Describe(kind)}.", value.Fragment ?? path);
        }
    }

    // Columns decide what is compared; of constants alone the first.
    private static ValueKind KindOf(OperationExpression comparison, Func<Expression, ValueKind> column) =>
        comparison.Arguments.FirstOrDefault(a => a is not ConstantExpression) is { } first
            ? column(first)
            : ColumnValue.KindOf(((ConstantExpression)comparison.Arguments[0]).Value);

    private static string Describe(ValueKind kind) => kind switch
    {
        ValueKind.Number => "a number, such as 7",
        ValueKind.Boolean => "true or false",
        ValueKind.Date => "a date, such as '2024-01-15'",
        ValueKind.Instant => "an instant, such as '2024-01-15T10:00:00Z'",
        ValueKind.Uuid => "a UUID",
        _ => "text, such as '7'",
    };

    private static void CheckNumber(Expression value, Func<string, ValueKind?> names, string path)
    {
        CheckValue(value, names, path);
        bool number = value switch
        {
            FieldExpression field => names(field.Name) == ValueKind.Number,
            ConstantExpression constant => constant.Value.Kind == LiteralKind.Number,
            _ => true,
        };
        if (!number)
            throw Refuse("This must be a number.", value, path);
    }

    private static bool Fits(OperationExpression operation) => operation.Operation switch
    {
        Operation.Negate or Operation.Absolute or Operation.Floor => operation.Arguments.Length == 1,
        Operation.Least or Operation.Greatest or Operation.Coalesce => operation.Arguments.Length > 1,
        _ => operation.Arguments.Length == 2,
    };

    private static decimal? Number(Expression expression, Func<string, ColumnValue> names)
    {
        if (expression is not OperationExpression operation)
            return Value(expression, names).Number;
        if (operation.Operation == Operation.Case)
            return Holds(operation.Arguments[0], names) ? Number(operation.Arguments[1], names) : null;
        decimal?[] values = [.. operation.Arguments.Select(a => Number(a, names))];
        if (operation.Operation is Operation.Coalesce)
            return values.FirstOrDefault(v => v is not null);
        if (operation.Operation is Operation.Least or Operation.Greatest)
            return operation.Operation == Operation.Least ? values.Min() : values.Max();
        return values.All(v => v is not null) ? Number(operation.Operation, [.. values.Select(v => v!.Value)]) : null;
    }

    private static decimal? Number(Operation operation, decimal[] values)
    {
        try
        {
            return operation switch
            {
                Operation.Add => values[0] + values[1],
                Operation.Subtract => values[0] - values[1],
                Operation.Multiply => values[0] * values[1],
                Operation.Divide => values[1] == 0 ? null : values[0] / values[1],
                Operation.Negate => -values[0],
                Operation.Absolute => Math.Abs(values[0]),
                Operation.Floor => Math.Floor(values[0]),
                Operation.Bucket => values[1] <= 0 ? null : Math.Floor(values[0] / values[1]) * values[1],
                _ => null,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool? Truth(Expression condition, Func<string, ColumnValue> names)
    {
        if (condition is not OperationExpression operation)
            return null;
        switch (operation.Operation)
        {
            case Operation.And:
                bool?[] all = [.. operation.Arguments.Select(a => Truth(a, names))];
                return all.Contains(false) ? false : all.Contains(null) ? null : true;
            case Operation.Or:
                bool?[] any = [.. operation.Arguments.Select(a => Truth(a, names))];
                return any.Contains(true) ? true : any.Contains(null) ? null : false;
            case Operation.Not:
                return !Truth(operation.Arguments[0], names);
            case Operation.IsNull:
                return Value(operation.Arguments[0], names).IsMissing;
            case Operation.IsNotNull:
                return !Value(operation.Arguments[0], names).IsMissing;
            default:
                ValueKind kind = KindOf(operation, a => Value(a, names).Kind);
                ColumnValue[] values =
                    [.. operation.Arguments.Select(a => a is ConstantExpression constant ? ColumnValue.Of(kind, constant.Value)!.Value : Value(a, names))];
                return values.Any(v => v.IsMissing) ? null : Compared(operation.Operation, values);
        }
    }

    private static bool Compared(Operation operation, ColumnValue[] values)
    {
        int order = ColumnValue.Compare(values[0], values[1]);
        return operation switch
        {
            Operation.Equal => order == 0,
            Operation.NotEqual => order != 0,
            Operation.Less => order < 0,
            Operation.LessOrEqual => order <= 0,
            Operation.Greater => order > 0,
            Operation.GreaterOrEqual => order >= 0,
            _ => values.Skip(1).Any(v => ColumnValue.Compare(values[0], v) == 0),
        };
    }

    private static QueryRefusedException Refuse(string detail, Expression expression, string path) =>
        new(RefusalCodes.OperatorNotAllowed, detail, expression.Fragment ?? path);
}
