using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Reads the operations that values of a row and released values have alike. What they are made of is read by the caller's rule.</summary>
internal sealed class SqlOperations
{
    private readonly SqlSizes _sizes = new();

    /// <summary>An operation, unless it becomes too large: a name of a subquery can stand for much.</summary>
    public Expression Of(SqlNode node, Operation operation, params ReadOnlySpan<Expression> arguments) =>
        _sizes.Checked(new OperationExpression(operation, [.. arguments]) { Fragment = node.Fragment }, node);

    /// <summary>Which comparison it is.</summary>
    public static Operation ComparisonOf(SqlNode node)
    {
        node.Only("left", "right");
        return node.Type switch
        {
            "COMPARE_EQUAL" => Operation.Equal,
            "COMPARE_NOTEQUAL" => Operation.NotEqual,
            "COMPARE_LESSTHAN" => Operation.Less,
            "COMPARE_LESSTHANOREQUALTO" => Operation.LessOrEqual,
            "COMPARE_GREATERTHAN" => Operation.Greater,
            "COMPARE_GREATERTHANOREQUALTO" => Operation.GreaterOrEqual,
            _ => throw node.Unsupported(),
        };
    }

    /// <summary>BETWEEN, which includes both ends.</summary>
    public Expression Between(SqlNode node, Func<SqlNode, Expression> read)
    {
        node.Only("input", "lower", "upper");
        Expression value = read(node.Get("input"));
        return Of(
            node,
            Operation.And,
            Of(node, Operation.GreaterOrEqual, value, read(node.Get("lower"))),
            Of(node, Operation.LessOrEqual, value, read(node.Get("upper"))));
    }

    /// <summary>AND or OR.</summary>
    public Expression Conjunction(SqlNode node, Func<SqlNode, Expression> read)
    {
        node.Only("children");
        Operation operation = node.Type switch
        {
            "CONJUNCTION_AND" => Operation.And,
            "CONJUNCTION_OR" => Operation.Or,
            _ => throw node.Unsupported(),
        };
        return Of(node, operation, [.. node.List("children").Select(read)]);
    }

    /// <summary>NOT, IN, COALESCE and the tests for missing values.</summary>
    public Expression Operator(SqlNode node, Func<SqlNode, Expression> read)
    {
        node.Only("children");
        ImmutableArray<SqlNode> children = node.List("children");
        Operation operation = node.Type switch
        {
            "OPERATOR_NOT" => Operation.Not,
            "OPERATOR_IS_NULL" => Operation.IsNull,
            "OPERATOR_IS_NOT_NULL" => Operation.IsNotNull,
            "OPERATOR_COALESCE" when children.Length > 1 => Operation.Coalesce,
            "COMPARE_IN" or "COMPARE_NOT_IN" => Operation.In,
            _ => throw node.Unsupported(),
        };
        Expression value = Of(node, operation, [.. children.Select(read)]);
        return node.Type == "COMPARE_NOT_IN" ? Of(node, Operation.Not, value) : value;
    }

    /// <summary>Arithmetic, and other functions that are one operation; null for any other function.</summary>
    public Expression? TryFunction(SqlNode node, Func<SqlNode, Expression> read)
    {
        ImmutableArray<SqlNode> children = node.List("children");
        Operation? operation = (node.FunctionName, children.Length) switch
        {
            ("+", 2) => Operation.Add,
            ("-", 2) => Operation.Subtract,
            ("-", 1) => Operation.Negate,
            ("*", 2) => Operation.Multiply,
            ("/", 2) => Operation.Divide,
            ("abs", 1) => Operation.Absolute,
            ("floor", 1) => Operation.Floor,
            ("least", > 1) => Operation.Least,
            ("greatest", > 1) => Operation.Greatest,
            _ => null,
        };
        return operation is { } known ? Of(node, known, [.. children.Select(read)]) : null;
    }
}
