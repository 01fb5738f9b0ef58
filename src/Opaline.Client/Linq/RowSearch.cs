using System.Linq.Expressions;

namespace Opaline.Client.Linq;

/// <summary>Looks for the row in an expression.</summary>
internal sealed class RowSearch(ParameterExpression row) : ExpressionVisitor
{
    /// <summary>Whether the row was found.</summary>
    public bool Found { get; private set; }

    /// <inheritdoc />
    protected override Expression VisitParameter(ParameterExpression node)
    {
        Found |= node == row;
        return node;
    }
}
