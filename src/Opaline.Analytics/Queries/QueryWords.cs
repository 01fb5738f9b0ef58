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
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    public static string Of(ConditionOperator op) => op switch
    {
        ConditionOperator.Equal => "eq",
        ConditionOperator.NotEqual => "ne",
        ConditionOperator.In => "in",
        ConditionOperator.Less => "lt",
        ConditionOperator.LessOrEqual => "le",
        ConditionOperator.Greater => "gt",
        ConditionOperator.GreaterOrEqual => "ge",
        ConditionOperator.IsNull => "is_null",
        ConditionOperator.IsNotNull => "not_null",
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    public static string Of(Period period) => period switch
    {
        Period.Hour => "hour",
        Period.Day => "day",
        Period.Week => "week",
        Period.Month => "month",
        _ => throw new ArgumentOutOfRangeException(nameof(period)),
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
