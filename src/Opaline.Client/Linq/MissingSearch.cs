using System.Linq.Expressions;

namespace Opaline.Client.Linq;

/// <summary>Looks for a value of the row that is compared and can be missing.</summary>
internal sealed class MissingSearch : ExpressionVisitor
{
    private readonly ParameterExpression _row;
    private Expression? _found;

    private MissingSearch(ParameterExpression row) => _row = row;

    /// <summary>The first one in the condition, or null.</summary>
    public static Expression? In(Expression condition, ParameterExpression row)
    {
        MissingSearch search = new(row);
        search.Visit(condition);
        return search._found;
    }

    /// <inheritdoc />
    protected override Expression VisitBinary(BinaryExpression node)
    {
        if (node.NodeType is not (ExpressionType.AndAlso or ExpressionType.OrElse or ExpressionType.Coalesce) && !IsNull(node.Left) && !IsNull(node.Right))
        {
            Note(node.Left);
            Note(node.Right);
        }

        return base.VisitBinary(node);
    }

    /// <inheritdoc />
    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        if (node.Method.Name == nameof(Enumerable.Contains))
            Note(node.Arguments[^1]);
        return base.VisitMethodCall(node);
    }

    // IS NULL is true or false, as in C#.
    private static bool IsNull(Expression value) => value is ConstantExpression { Value: null } or UnaryExpression { Operand: ConstantExpression { Value: null } };

    private void Note(Expression value)
    {
        RowSearch search = new(_row);
        search.Visit(value);
        if (search.Found && RowNulls.MayBeMissing(value))
            _found ??= value;
    }
}
