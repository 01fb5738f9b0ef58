using System.Linq.Expressions;
using Opaline.Client.Contracts;

namespace Opaline.Client.Linq;

/// <summary>Turns lambda expressions into the JSON form of conditions, keys and measures.</summary>
internal static class RowExpressions
{
    /// <summary>The conditions of a lambda, all of which must hold.</summary>
    public static IEnumerable<QueryExpressionDocument> Conjuncts(LambdaExpression lambda)
    {
        QueryExpressionDocument whole = Condition(lambda);
        return whole is { Op: "and", Args: { } parts } ? parts : [whole];
    }

    /// <summary>A condition of a row.</summary>
    public static QueryExpressionDocument Condition(LambdaExpression lambda) => new RowTranslation(lambda.Parameters[0]).Value(lambda.Body);

    /// <summary>The keys of a lambda: its value, or the members of an anonymous type.</summary>
    public static IEnumerable<QueryKeyDocument> Keys(LambdaExpression lambda)
    {
        RowTranslation row = new(lambda.Parameters[0]);
        return lambda.Body is NewExpression { Members: { } members, Arguments: { } values }
            ? [.. members.Select((member, i) => Key(row, values[i], RowTranslation.NameOf(member)))]
            : [Key(row, lambda.Body, null)];
    }

    /// <summary>A measure of a number.</summary>
    public static QueryMeasureDocument Measure(string function, LambdaExpression lambda)
    {
        QueryExpressionDocument value = new RowTranslation(lambda.Parameters[0]).Value(lambda.Body);
        return IsField(value)
            ? new QueryMeasureDocument { Function = function, Field = value.Field }
            : new QueryMeasureDocument { Function = function, Expression = value };
    }

    private static QueryKeyDocument Key(RowTranslation row, Expression body, string? name)
    {
        if (row.Period(body) is { } period)
        {
            return name is null || name == period
                ? new QueryKeyDocument { Period = period }
                : throw new NotSupportedException($"A period has the name of its word in the answer: call this member \"{period}\", not \"{name}\".");
        }

        QueryExpressionDocument value = row.Value(body);
        return IsField(value)
            ? new QueryKeyDocument { Field = value.Field, Name = name == value.Field ? null : name }
            : new QueryKeyDocument { Expression = value, Name = name };
    }

    private static bool IsField(QueryExpressionDocument value) => value is { Field: not null, Op: null };
}
