using System.Linq.Expressions;
using Opaline.Client.Contracts;

namespace Opaline.Client.Linq;

/// <summary>What can be measured of rows, for <see cref="DatasetQuery{TRow}.Select"/>.</summary>
/// <typeparam name="TRow">The type that names the fields.</typeparam>
public readonly record struct RowMeasures<TRow>
{
    /// <summary>Counts rows.</summary>
    public QueryMeasureDocument Count(string? name = null) => new() { Function = "count", Name = name };

    /// <summary>Counts rows for which the condition holds.</summary>
    public QueryMeasureDocument Count(Expression<Func<TRow, bool>> condition, string? name = null) =>
        new() { Function = "count", Filter = RowExpressions.Condition(condition), Name = name };

    /// <summary>Counts distinct subjects.</summary>
    public QueryMeasureDocument DistinctSubjects(string? name = null) => new() { Function = "distinct_subjects", Name = name };

    /// <summary>Counts distinct values.</summary>
    public QueryMeasureDocument DistinctValues<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Of("distinct_values", value, name);

    /// <summary>Adds up a number.</summary>
    public QueryMeasureDocument Sum<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Of("sum", value, name);

    /// <summary>The mean of a number.</summary>
    public QueryMeasureDocument Average<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Of("mean", value, name);

    /// <summary>The variance of a number.</summary>
    public QueryMeasureDocument Variance<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Of("variance", value, name);

    /// <summary>The standard deviation of a number.</summary>
    public QueryMeasureDocument StandardDeviation<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Of("standard_deviation", value, name);

    /// <summary>The median of a number.</summary>
    public QueryMeasureDocument Median<TValue>(Expression<Func<TRow, TValue>> value, string? name = null) => Quantiles(value, [0.5m], name);

    /// <summary>Quantiles of a number, all from one spend.</summary>
    public QueryMeasureDocument Quantiles<TValue>(Expression<Func<TRow, TValue>> value, IReadOnlyList<decimal> ranks, string? name = null) =>
        Of("quantiles", value, name) with { Ranks = ranks };

    /// <summary>Rows per bin of a number.</summary>
    public QueryMeasureDocument Histogram<TValue>(Expression<Func<TRow, TValue>> value, IReadOnlyList<decimal> edges, string? name = null) =>
        Of("histogram", value, name) with { Edges = edges };

    private static QueryMeasureDocument Of(string function, LambdaExpression value, string? name) => RowExpressions.Measure(function, value) with { Name = name };
}
