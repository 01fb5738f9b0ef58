using System.Collections.Immutable;
using System.Globalization;

namespace Opaline.Analytics;

/// <summary>Reads aggregates into measures.</summary>
internal sealed class SqlAggregates(SqlExpressions expressions)
{
    // A minimum is one person's value; the quantiles next to it are many people's.
    private const decimal MinimumRank = 0.01m;
    private const decimal MaximumRank = 0.99m;

    public static bool IsAggregate(SqlNode node) => node.Class == "FUNCTION" && node.FunctionName is
        "count_star" or "count" or "sum" or "avg" or "mean" or "var_samp" or "var_pop" or "variance" or "stddev_samp" or "stddev_pop" or "stddev"
        or "median" or "quantile" or "quantile_cont" or "quantile_disc" or "histogram" or "min" or "max" or "count_if" or "countif" or "approx_count_distinct"
        or "any_value" or "first" or "last" or "arbitrary" or "list" or "array_agg" or "string_agg" or "group_concat" or "listagg" or "arg_min" or "arg_max"
        or "min_by" or "max_by" or "mode" or "bit_and" or "bit_or" or "bit_xor" or "bool_and" or "bool_or" or "product" or "fsum" or "sumkahan" or "kahan_sum" or "corr"
        or "covar_pop" or "covar_samp" or "regr_slope" or "skewness" or "kurtosis" or "entropy" or "mad" or "approx_quantile" or "approx_top_k" or "sum_no_overflow";

    /// <summary>Whether an aggregate stands anywhere in it.</summary>
    public static bool HasAggregate(SqlNode node) => IsAggregate(node)
        || node.List("children").Any(HasAggregate)
        || node.List("case_checks").Any(c => HasAggregate(c.Get("when_expr")) || HasAggregate(c.Get("then_expr")))
        || Parts.Any(name => node.Find(name) is { } part && HasAggregate(part));

    private static readonly string[] Parts = ["child", "left", "right", "input", "lower", "upper", "else_expr"];

    /// <summary>The measure of an aggregate, without a name.</summary>
    public Measure Read(SqlNode node, SqlRows rows)
    {
        node.OnlyFunction("distinct", "filter", "order_bys");
        ImmutableArray<SqlNode> children = node.List("children");
        bool distinct = node.Flag("distinct");
        if (distinct && node.FunctionName != "count")
            throw node.Refuse(SqlRefusalCodes.DistinctRows, "DISTINCT goes with count only.", "count(DISTINCT x)");
        ImmutableArray<SqlNode> orders = Orders(node);
        Measure measure = (node.FunctionName, children.Length) switch
        {
            ("count_star", 0) => new Measure(MeasureFunction.Count),
            ("count", 1) when distinct => Distinct(children[0], rows),
            ("approx_count_distinct", 1) => Distinct(children[0], rows),
            ("count", 1) => Count(children[0], rows),
            ("count_if" or "countif", 1) => new Measure(MeasureFunction.Count) { Filter = expressions.Read(children[0], rows) },
            ("sum", 1) => Of(MeasureFunction.Sum, children[0], rows),
            ("avg" or "mean", 1) => Of(MeasureFunction.Mean, children[0], rows),
            ("var_samp" or "var_pop" or "variance", 1) => Of(MeasureFunction.Variance, children[0], rows),
            ("stddev_samp" or "stddev_pop" or "stddev", 1) => Of(MeasureFunction.StandardDeviation, children[0], rows),
            ("median", 1) => Of(MeasureFunction.Quantiles, children[0], rows) with { Points = [0.5m] },
            ("min", 1) => Of(MeasureFunction.Quantiles, children[0], rows) with { Points = [MinimumRank] },
            ("max", 1) => Of(MeasureFunction.Quantiles, children[0], rows) with { Points = [MaximumRank] },
            ("quantile" or "quantile_cont" or "quantile_disc" or "approx_quantile", 2) when orders.IsEmpty =>
                Of(MeasureFunction.Quantiles, children[0], rows) with { Points = Numbers(children[1]) },
            ("quantile_cont" or "quantile_disc", 1) when orders is [SqlNode order] =>
                Of(MeasureFunction.Quantiles, order.Get("expression"), rows) with { Points = Numbers(children[0]) },
            ("histogram", 2) => Of(MeasureFunction.Histogram, children[0], rows) with { Points = Numbers(children[1]) },
            ("histogram", 1) => throw node.Refuse(SqlRefusalCodes.UnsupportedSql, "Bins that follow the data would tell of it: give their edges.", "histogram(x, [0, 10, 20])"),
            _ => throw node.Refuse(
                SqlRefusalCodes.UnknownFunction,
                "This aggregate is not answered here; those that are: count, sum, avg, variance, stddev, median, quantile_cont, histogram, min, max, count_if."),
        };
        if (node.Find("filter") is not { } filter)
            return measure;
        Expression condition = expressions.Read(filter, rows);
        return measure with { Filter = measure.Filter is { } own ? expressions.Of(node, Operation.And, own, condition) : condition };
    }

    // The order of rows decides nothing that is aggregated here, but for whose quantile is asked.
    private static ImmutableArray<SqlNode> Orders(SqlNode node)
    {
        if (node.Find("order_bys") is not { } modifier)
            return [];
        modifier.Only("orders");
        ImmutableArray<SqlNode> orders = modifier.List("orders");
        if (modifier.Type != "ORDER_MODIFIER")
            throw node.Unsupported();
        if (orders.IsEmpty)
            return [];
        if (orders is not [SqlNode order] || node.FunctionName is not ("quantile_cont" or "quantile_disc") || node.List("children").Length != 1)
            throw node.Refuse(SqlRefusalCodes.UnsupportedSql, "Nothing that is aggregated here depends on the order of rows: leave ORDER BY out.", $"{node.FunctionName}(…)");
        SqlStatement.CheckOrder(order);
        return order.Type is "ORDER_DEFAULT" or "ASCENDING"
            ? orders
            : throw node.Refuse(SqlRefusalCodes.UnsupportedSql, "Ranks are counted from the least: order by the value itself, ascending.", "percentile_cont(0.9) WITHIN GROUP (ORDER BY x)");
    }

    /// <summary>The name that a column of it has by default.</summary>
    public static string ColumnName(SqlNode node, string measure) => node.FunctionName switch
    {
        // An extreme is told as the quantile that it is.
        "min" => string.Create(CultureInfo.InvariantCulture, $"min_as_quantile_{MinimumRank}"),
        "max" => string.Create(CultureInfo.InvariantCulture, $"max_as_quantile_{MaximumRank}"),
        _ => measure,
    };

    private Measure Distinct(SqlNode value, SqlRows rows) => IsSubject(value, rows)
        ? new Measure(MeasureFunction.DistinctSubjects)
        : new Measure(MeasureFunction.DistinctValues, expressions.Read(value, rows));

    private Measure Count(SqlNode value, SqlRows rows) => IsSubject(value, rows)
        ? throw value.Refuse(RefusalCodes.FieldNotAllowed, "Every row has a subject: count rows, or distinct subjects.", "count(DISTINCT …), or count(*)")
        : SqlConstants.TryRead(value) is not null
            ? new Measure(MeasureFunction.Count)
            : new Measure(MeasureFunction.Count, expressions.Read(value, rows));

    /// <summary>Whether it is the subject.</summary>
    public static bool IsSubject(SqlNode node, SqlRows rows) =>
        node.Class == "COLUMN_REF" && SqlExpressions.Column(node, rows) is FieldExpression field && field.Name == rows.Subject;

    private Measure Of(MeasureFunction function, SqlNode value, SqlRows rows) => new(function, expressions.Read(value, rows));

    private static ImmutableArray<decimal> Numbers(SqlNode node)
    {
        ImmutableArray<SqlNode> items = node.IsFunction("list_value") ? node.List("children") : [node];
        if (items.Length is < 1 or > QueryLimits.MaxPoints)
            throw node.Refuse(RefusalCodes.InvalidQuery, $"A list has 1 to {QueryLimits.MaxPoints} numbers.");
        return [.. items.Select(i => SqlConstants.TryNumber(i) ?? throw i.Refuse(RefusalCodes.InvalidValue, "This must be a constant number."))];
    }
}
