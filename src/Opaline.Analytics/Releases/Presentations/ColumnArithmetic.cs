using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Arithmetic and conditions over released values. Nothing fails: what has no result is missing.</summary>
internal static class ColumnArithmetic
{
    /// <exception cref="QueryRefusedException">It is not arithmetic over the names.</exception>
    public static void CheckValue(Expression expression, Func<string, ColumnKind?> names, string path)
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
    public static void CheckCondition(Expression expression, Func<string, ColumnKind?> names, string path)
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
        ConstantExpression { Value: { Kind: LiteralKind.Number } number } => new ColumnValue(null, decimal.Parse(number.Text, CultureInfo.InvariantCulture)),
        ConstantExpression constant => new ColumnValue(constant.Value.Text, null),
        _ => new ColumnValue(null, Number(expression, names)),
    };

    /// <summary>Whether the condition holds; what cannot be told does not hold.</summary>
    public static bool Holds(Expression condition, Func<string, ColumnValue> names) => Truth(condition, names) == true;

    private static void CheckNumber(Expression value, Func<string, ColumnKind?> names, string path)
    {
        CheckValue(value, names, path);
        bool number = value switch
        {
            FieldExpression field => names(field.Name) == ColumnKind.Number,
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
                ColumnValue[] values = [.. operation.Arguments.Select(a => Value(a, names))];
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
