using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>An operation on other values.</summary>
/// <param name="Operation">Which one.</param>
/// <param name="Arguments">Its arguments, in the order that <see cref="Analytics.Operation"/> gives.</param>
public sealed record OperationExpression(Operation Operation, ImmutableArray<Expression> Arguments) : Expression
{
    /// <inheritdoc />
    public bool Equals(OperationExpression? other) =>
        other is not null && Operation == other.Operation && Arguments.AsSpan().SequenceEqual(other.Arguments.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Operation);
        foreach (Expression argument in Arguments)
            hash.Add(argument);
        return hash.ToHashCode();
    }
}
