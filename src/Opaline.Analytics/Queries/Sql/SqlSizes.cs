using System.Runtime.CompilerServices;

namespace Opaline.Analytics;

/// <summary>Sizes of expressions as they are built. Names that stand for expressions can make a short text mean a huge one.</summary>
internal sealed class SqlSizes
{
    private readonly ConditionalWeakTable<Expression, Size> _sizes = [];

    public Expression Checked(OperationExpression expression, SqlNode node)
    {
        Size size = new(
            1 + expression.Arguments.Max(a => Of(a).Depth),
            1 + expression.Arguments.Sum(a => Of(a).Nodes));
        if (size.Depth > QueryLimits.MaxDepth || size.Nodes > QueryLimits.MaxNodes)
        {
            throw node.Refuse(
                RefusalCodes.InvalidQuery, $"An expression has at most {QueryLimits.MaxDepth} levels and {QueryLimits.MaxNodes} parts, with what its names stand for.");
        }

        _sizes.Add(expression, size);
        return expression;
    }

    // A copy that differs in its fragment is not in the table; its arguments are.
    private Size Of(Expression expression) => expression is not OperationExpression operation
        ? Leaf
        : _sizes.TryGetValue(expression, out Size? size)
            ? size
            : new Size(1 + operation.Arguments.Max(a => Of(a).Depth), 1 + operation.Arguments.Sum(a => Of(a).Nodes));

    private static Size Leaf { get; } = new(1, 1);

    private sealed record Size(int Depth, long Nodes);
}
