namespace Opaline.Analytics;

/// <summary>The words of the JSON form. They stand in plans, answers and audit records too, so they never change.</summary>
internal static class QueryWords
{
    public static string Of(MeasureFunction function) => function switch
    {
        MeasureFunction.Count => "count",
        MeasureFunction.Sum => "sum",
        MeasureFunction.Mean => "mean",
        MeasureFunction.DistinctSubjects => "distinct_subjects",
        MeasureFunction.DistinctValues => "distinct_values",
        MeasureFunction.Variance => "variance",
        MeasureFunction.StandardDeviation => "standard_deviation",
        MeasureFunction.Quantiles => "quantiles",
        MeasureFunction.Histogram => "histogram",
        MeasureFunction.Contributions => "contributions",
        MeasureFunction.Bounds => "bounds",
        MeasureFunction.Rate => "rate",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    public static string Of(Operation operation) => operation switch
    {
        Operation.Add => "add",
        Operation.Subtract => "subtract",
        Operation.Multiply => "multiply",
        Operation.Divide => "divide",
        Operation.Negate => "negate",
        Operation.Absolute => "abs",
        Operation.Floor => "floor",
        Operation.Bucket => "bucket",
        Operation.Least => "least",
        Operation.Greatest => "greatest",
        Operation.Equal => "eq",
        Operation.NotEqual => "ne",
        Operation.Less => "lt",
        Operation.LessOrEqual => "le",
        Operation.Greater => "gt",
        Operation.GreaterOrEqual => "ge",
        Operation.In => "in",
        Operation.IsNull => "is_null",
        Operation.IsNotNull => "not_null",
        Operation.And => "and",
        Operation.Or => "or",
        Operation.Not => "not",
        Operation.Case => "case",
        Operation.Coalesce => "coalesce",
        Operation.Truncate => "truncate",
        Operation.Extract => "extract",
        Operation.Prefix => "prefix",
        Operation.StartsWith => "starts_with",
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    public static string Of(Period period) => period switch
    {
        Period.Hour => "hour",
        Period.Day => "day",
        Period.Week => "week",
        Period.Month => "month",
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
    };

    public static string Of(JoinKind kind) => kind switch
    {
        JoinKind.Inner => "inner",
        JoinKind.Left => "left",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(SubjectFunction function) => function switch
    {
        SubjectFunction.Count => "count",
        SubjectFunction.DistinctValues => "distinct_values",
        SubjectFunction.Sum => "sum",
        SubjectFunction.Least => "least",
        SubjectFunction.Greatest => "greatest",
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    public static string Of(NoiseMechanism mechanism) => mechanism switch
    {
        NoiseMechanism.DiscreteGaussian => "discrete_gaussian",
        NoiseMechanism.DiscreteLaplace => "discrete_laplace",
        _ => throw new ArgumentOutOfRangeException(nameof(mechanism)),
    };

    /// <summary>The value whose word this is, or null.</summary>
    public static T? Find<T>(string word, Func<T, string> of)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(of(value), word, StringComparison.Ordinal))
                return value;
        }

        return null;
    }
}
