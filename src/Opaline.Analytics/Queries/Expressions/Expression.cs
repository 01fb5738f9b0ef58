using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Opaline.Analytics;

/// <summary>
/// A value of one row, as every front end writes it: a field, a constant, or an operation on other values. It is made of names and literals only; the
/// planner gives it a type, bounds and a grid from the catalog, or refuses it.
/// </summary>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>The text of the question that it came from, such as a piece of SQL; null where a JSON path names it. No part of what is asked.</summary>
    public string? Fragment { get; init; }

    /// <summary>The field of that name; null for null.</summary>
    [return: NotNullIfNotNull(nameof(field))]
    public static implicit operator Expression?(string? field) => field is null ? null : Field(field);

    /// <summary>The field of that name.</summary>
    public static FieldExpression Field(string name) => new(name);

    /// <summary>A constant.</summary>
    public static ConstantExpression Constant(Literal value) => new(value);

    /// <summary>An operation.</summary>
    public static OperationExpression Of(Operation operation, params ReadOnlySpan<Expression> arguments) => new(operation, [.. arguments]);

    /// <summary>A comparison of a field with constants; none of them for the null tests, several for <see cref="Operation.In"/>.</summary>
    public static OperationExpression Condition(string field, Operation operation, ImmutableArray<Literal> values) =>
        new(operation, [Field(field), .. values.Select(Constant)]);

    /// <inheritdoc />
    public virtual bool Equals(Expression? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc />
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
