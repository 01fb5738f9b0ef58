using System.Collections;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opaline.Client.Contracts;
using static Opaline.Client.Linq.RowConversions;

namespace Opaline.Client.Linq;

/// <summary>Translates the body of a lambda over a row. What does not depend on the row is computed here and becomes a constant.</summary>
internal sealed class RowTranslation(ParameterExpression row)
{
    private static readonly Dictionary<ExpressionType, string> Operations = new()
    {
        [ExpressionType.Add] = "add",
        [ExpressionType.Subtract] = "subtract",
        [ExpressionType.Multiply] = "multiply",
        [ExpressionType.Divide] = "divide",
        [ExpressionType.Equal] = "eq",
        [ExpressionType.NotEqual] = "ne",
        [ExpressionType.LessThan] = "lt",
        [ExpressionType.LessThanOrEqual] = "le",
        [ExpressionType.GreaterThan] = "gt",
        [ExpressionType.GreaterThanOrEqual] = "ge",
        [ExpressionType.AndAlso] = "and",
        [ExpressionType.OrElse] = "or",
        [ExpressionType.Coalesce] = "coalesce",
    };

    private static readonly Dictionary<string, string> Mirrors = new(StringComparer.Ordinal)
    {
        ["eq"] = "eq",
        ["ne"] = "ne",
        ["lt"] = "gt",
        ["le"] = "ge",
        ["gt"] = "lt",
        ["ge"] = "le",
    };

    /// <summary>The name of a member's field.</summary>
    public static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);

    /// <summary>The period that a key is, or null.</summary>
    public string? Period(Expression body) =>
        Plain(body) is MethodCallExpression { Method: { } method } && method.DeclaringType == typeof(Row) && method.Name != nameof(Row.Bucket)
            ? JsonNamingPolicy.SnakeCaseLower.ConvertName(method.Name)
            : null;

    /// <summary>A value of a row.</summary>
    public QueryExpressionDocument Value(Expression body)
    {
        if (!DependsOnRow(body))
            return Constant(body);
        Expression value = Plain(body);
        return value switch
        {
            MemberExpression member => Member(member),
            BinaryExpression binary => Binary(binary),
            UnaryExpression { NodeType: ExpressionType.Not } not when not.Type == typeof(bool) => Not(Plain(not.Operand)),
            UnaryExpression { NodeType: ExpressionType.Negate } negate => Of("negate", Value(negate.Operand)),
            ConditionalExpression choice => Choice(choice),
            MethodCallExpression call => Call(call),
            _ => throw Refuse(value),
        };
    }

    private static NotSupportedException Refuse(Expression part) =>
        new($"\"{part}\" has no form in a query. Use fields, constants, comparisons, &&, ||, !, + - * /, ?:, ??, StartsWith, Substring(0, n), Contains and Math.");

    private static QueryExpressionDocument Of(string operation, params QueryExpressionDocument[] arguments) => new() { Op = operation, Args = arguments };

    private bool DependsOnRow(Expression expression)
    {
        RowSearch search = new(row);
        search.Visit(expression);
        return search.Found;
    }

    private static QueryExpressionDocument Constant(Expression expression) => new() { Value = Literal(Compute(expression), expression) };

    private static object? Compute(Expression expression) =>
        Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    private static JsonElement Literal(object? value, Expression expression) => value switch
    {
        string text => Json(text),
        char one => Json(one.ToString()),
        bool flag => Json(flag),
        Enum word => Json(JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString())),
        Guid id => Json(id.ToString("D")),
        DateOnly date => Json(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        DateTimeOffset instant => Json(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
        byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Json(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        _ => throw Refuse(expression),
    };

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, OpalineJson.Options);

    // v.Country, v.Metadata.Plan, v.Age.Value, v.Time.Hour
    private QueryExpressionDocument Member(MemberExpression member)
    {
        if (Nullable.GetUnderlyingType(member.Expression!.Type) is not null)
        {
            return member.Member.Name == nameof(Nullable<int>.Value)
                ? Value(member.Expression)
                : new QueryExpressionDocument { Field = FieldOf(member.Expression) ?? throw Refuse(member), Op = "not_null" };
        }

        if (member.Expression.Type == typeof(DateTimeOffset) || member.Expression.Type == typeof(DateOnly))
        {
            return member.Member.Name is "Hour" or "Day" or "Month" or "Year"
                ? Of("extract", new QueryExpressionDocument { Value = Json(NameOf(member.Member)) }, Value(member.Expression))
                : throw Refuse(member);
        }

        return new QueryExpressionDocument { Field = FieldOf(member) ?? throw Refuse(member) };
    }

    private string? FieldOf(Expression expression) => Plain(expression) switch
    {
        MemberExpression { Expression: { } owner } member when owner == row => NameOf(member.Member),
        MemberExpression { Expression: { } owner, Member.Name: nameof(Nullable<int>.Value) } when Nullable.GetUnderlyingType(owner.Type) is not null =>
            FieldOf(owner),
        // Members of the framework's own types are parts of a value, not fields.
        MemberExpression { Expression: { } owner } member when owner.Type.Namespace?.StartsWith(nameof(System), StringComparison.Ordinal) != true
            && FieldOf(owner) is { } path => $"{path}.{NameOf(member.Member)}",
        _ => null,
    };

    private QueryExpressionDocument Binary(BinaryExpression binary)
    {
        // Two texts are joined by the same node that adds two numbers.
        if (binary.Method?.DeclaringType == typeof(string) && binary.NodeType == ExpressionType.Add)
            throw Refuse(binary);
        if (!Operations.TryGetValue(binary.NodeType, out string? operation))
            throw Refuse(binary);
        if (operation is "and" or "or")
            return Of(operation, [.. Parts(binary, operation)]);
        if (Mirrors.ContainsKey(operation))
            return Comparison(binary, operation);
        if (operation == "divide" && IsWhole(binary))
        {
            throw new NotSupportedException(
                $"\"{binary}\" cuts the rest off, and a quotient of a query is exact: write (decimal)x / y, or Math.Floor((decimal)x / y) for whole numbers.");
        }

        return Of(operation, Value(binary.Left), Value(binary.Right));
    }

    private QueryExpressionDocument Comparison(BinaryExpression binary, string operation) =>
        DependsOnRow(binary.Left) ? Compare(binary.Left, operation, binary.Right) : Compare(binary.Right, Mirrors[operation], binary.Left);

    // In a query no comparison with a missing value holds, nor its opposite.
    private QueryExpressionDocument Not(Expression condition)
    {
        switch (condition)
        {
            case BinaryExpression { NodeType: ExpressionType.Equal } equal:
                return Comparison(equal, "ne");
            case BinaryExpression { NodeType: ExpressionType.NotEqual } different:
                return Comparison(different, "eq");
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return Value(not.Operand);
            case MethodCallExpression { Method.Name: nameof(Enumerable.Contains) } call when Value(call) is var found && ValueOf(call) is var value && RowNulls.MayBeMissing(value):
                return Of("or", Of("not", found), Missing(value));
        }

        return MissingSearch.In(condition, row) is { } missing
            ? throw new NotSupportedException($"\"{missing}\" can be missing, and then C#'s \"!\" holds and a query's does not: turn the comparison round, and say \"|| x == null\" where that is meant.")
            : Of("not", Value(condition));
    }

    private QueryExpressionDocument Missing(Expression value) => FieldOf(value) is { } field
        ? new QueryExpressionDocument { Field = field, Op = "is_null" }
        : Of("is_null", Value(value));

    private IEnumerable<QueryExpressionDocument> Parts(BinaryExpression binary, string operation)
    {
        foreach (Expression side in (Expression[])[binary.Left, binary.Right])
        {
            QueryExpressionDocument part = Value(side);
            if (part.Op == operation && part.Args is { } nested)
            {
                foreach (QueryExpressionDocument inner in nested)
                    yield return inner;
            }
            else
            {
                yield return part;
            }
        }
    }

    private QueryExpressionDocument Compare(Expression left, string operation, Expression right)
    {
        RefuseUnknown(left);
        RefuseUnknown(right);
        string? field = FieldOf(left);
        if (DependsOnRow(right))
        {
            return operation is "eq" or "ne" && RowNulls.MayBeMissing(left) && RowNulls.MayBeMissing(right)
                ? throw new NotSupportedException($"\"{left}\" and \"{right}\" can both be missing, which are equal in C# and not in a query: compare them by ?? with a value, or ask for null.")
                : Different(Of(operation, Value(left), Value(right)), RowNulls.MayBeMissing(left) ? left : right);
        }

        object? constant = Compute(right);
        if (constant is null)
        {
            return operation is "eq" or "ne"
                ? new QueryExpressionDocument { Field = field ?? throw Refuse(left), Op = operation == "eq" ? "is_null" : "not_null" }
                : throw Refuse(right);
        }

        // An enumeration's constant, and a character, have become a number on the way.
        Type type = TypeOf(Plain(left));
        if (type.IsEnum)
            constant = Enum.ToObject(type, constant);
        else if (type == typeof(char))
            constant = Convert.ToChar(constant, CultureInfo.InvariantCulture);
        JsonElement literal = Literal(constant, right);
        return Different(
            field is not null
                ? new QueryExpressionDocument { Field = field, Op = operation, Value = literal }
                : Of(operation, Value(left), new QueryExpressionDocument { Value = literal }),
            left);
    }

    // A comparison of what is missing is false in C#, and neither true nor false in a query.
    private void RefuseUnknown(Expression side)
    {
        if (TypeOf(side) == typeof(bool) && FieldOf(side) is null && MissingSearch.In(side, row) is { } missing)
            throw new NotSupportedException($"\"{missing}\" can be missing, and a query does not compare what then holds or not: write the condition itself, or ask for null.");
    }

    // What is missing differs from every value in C#.
    private QueryExpressionDocument Different(QueryExpressionDocument comparison, Expression value) =>
        comparison.Op == "ne" && RowNulls.MayBeMissing(value) ? Of("or", comparison, Missing(value)) : comparison;

    private QueryExpressionDocument Choice(ConditionalExpression choice)
    {
        List<QueryExpressionDocument> arguments = [];
        Expression rest = choice;
        while (Plain(rest) is ConditionalExpression next)
        {
            arguments.Add(Value(next.Test));
            arguments.Add(Value(next.IfTrue));
            rest = next.IfFalse;
        }

        arguments.Add(Value(rest));
        return Of("case", [.. arguments]);
    }

    private QueryExpressionDocument Call(MethodCallExpression call)
    {
        string name = call.Method.Name;
        if (call.Method.DeclaringType == typeof(Row) && name == nameof(Row.Bucket))
            return Of("bucket", Value(call.Arguments[0]), Value(call.Arguments[1]));
        if (call.Method.DeclaringType == typeof(Math))
            return Mathematics(call);
        if (call.Object?.Type == typeof(string))
            return Text(call);
        return name == nameof(Enumerable.Contains) ? In(call) : throw Refuse(call);
    }

    private QueryExpressionDocument Mathematics(MethodCallExpression call)
    {
        string operation = call.Method.Name switch
        {
            nameof(Math.Abs) => "abs",
            nameof(Math.Floor) => "floor",
            nameof(Math.Min) => "least",
            nameof(Math.Max) => "greatest",
            _ => throw Refuse(call),
        };
        return Of(operation, [.. call.Arguments.Select(Value)]);
    }

    private QueryExpressionDocument Text(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(string.StartsWith) when call.Arguments.Count == 1 || Compute(call.Arguments[1]) is StringComparison.Ordinal:
                JsonElement beginning = Literal(Compute(call.Arguments[0]), call.Arguments[0]);
                return FieldOf(call.Object!) is { } field
                    ? new QueryExpressionDocument { Field = field, Op = "starts_with", Value = beginning }
                    : Of("starts_with", Value(call.Object!), new QueryExpressionDocument { Value = beginning });
            case nameof(string.Substring) when call.Arguments.Count == 2 && Compute(call.Arguments[0]) is 0:
                return Of("prefix", Value(call.Object!), Value(call.Arguments[1]));
            default:
                throw Refuse(call);
        }
    }

    // list.Contains(v.Country), Enumerable.Contains(list, v.Country), and the span form that compilers choose for arrays.
    private QueryExpressionDocument In(MethodCallExpression call)
    {
        Expression[] operands = Operands(call);
        if (operands is not [{ } source, { } value])
            throw Refuse(call);
        while (source is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [{ } inner] })
            source = inner;
        if (DependsOnRow(source) || Compute(Plain(source)) is not IEnumerable items)
            throw Refuse(call);
        JsonElement[] literals = [.. items.Cast<object?>().Select(item => Literal(item, source))];
        return FieldOf(value) is { } field
            ? new QueryExpressionDocument { Field = field, Op = "in", Values = literals }
            : Of("in", [Value(value), .. literals.Select(l => new QueryExpressionDocument { Value = l })]);
    }

    private static Expression[] Operands(MethodCallExpression call) => call.Object is { } list ? [list, .. call.Arguments] : [.. call.Arguments];

    // What is looked for in a list.
    private static Expression ValueOf(MethodCallExpression contains) => Operands(contains)[^1];
}
