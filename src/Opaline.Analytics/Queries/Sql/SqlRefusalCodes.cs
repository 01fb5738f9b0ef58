namespace Opaline.Analytics;

/// <summary>Stable codes of what SQL may not say here. Fields, bounds and ranges have those of <see cref="RefusalCodes"/>.</summary>
public static class SqlRefusalCodes
{
    /// <summary>The text is not SQL.</summary>
    public const string SyntaxError = "syntax_error";

    /// <summary>A statement other than SELECT: EXPLAIN, PRAGMA, COPY, INSERT, SHOW and the like.</summary>
    public const string NotSelect = "not_select";

    /// <summary>None, or more than one statement.</summary>
    public const string OneStatement = "one_statement";

    /// <summary>UNION, INTERSECT or EXCEPT.</summary>
    public const string SetOperation = "set_operation";

    /// <summary>A recursive CTE.</summary>
    public const string Recursion = "recursion";

    /// <summary>GROUPING SETS, ROLLUP or CUBE.</summary>
    public const string GroupingSets = "grouping_sets";

    /// <summary>A window function.</summary>
    public const string WindowFunction = "window_function";

    /// <summary>SELECT DISTINCT, or DISTINCT in an aggregate other than count.</summary>
    public const string DistinctRows = "distinct_rows";

    /// <summary>A form of join that is not answered: CROSS, a comma, NATURAL, FULL, SEMI, ANTI, ASOF, LATERAL, or one whose second side is a join itself.</summary>
    public const string JoinNotSupported = "join_not_supported";

    /// <summary>A join of datasets about subjects on something other than the subject.</summary>
    public const string JoinNotOnSubject = "join_not_on_subject";

    /// <summary>A condition of a join, or on its second side, that would choose among rows that an outer join keeps.</summary>
    public const string JoinCondition = "join_condition";

    /// <summary>A column that several tables have.</summary>
    public const string AmbiguousColumn = "ambiguous_column";

    /// <summary>A function in the place of a table, VALUES, or no table at all.</summary>
    public const string NotATable = "not_a_table";

    /// <summary>A sample of rows.</summary>
    public const string Sample = "sample";

    /// <summary>QUALIFY.</summary>
    public const string Qualify = "qualify";

    /// <summary>A parameter without a value.</summary>
    public const string Parameter = "parameter";

    /// <summary>A subquery inside an expression.</summary>
    public const string Subquery = "subquery";

    /// <summary>A subquery or CTE that aggregates and does not carry the subject out.</summary>
    public const string SubqueryAggregate = "subquery_aggregate";

    /// <summary><c>SELECT *</c>: rows never leave.</summary>
    public const string Star = "star";

    /// <summary>Nothing is aggregated: rows never leave.</summary>
    public const string NoMeasure = "no_measure";

    /// <summary>A value in the SELECT list that is neither aggregated nor a key.</summary>
    public const string NotGrouped = "not_grouped";

    /// <summary>An aggregate inside another, in WHERE or in GROUP BY.</summary>
    public const string AggregateNotAllowed = "aggregate_not_allowed";

    /// <summary>HAVING or ORDER BY on what the answer does not release.</summary>
    public const string NotReleased = "not_released";

    /// <summary>A function that is not known here.</summary>
    public const string UnknownFunction = "unknown_function";

    /// <summary>A cast that could fail for some row, or that changes a value.</summary>
    public const string CastNotTotal = "cast_not_total";

    /// <summary>A LIKE pattern that is no prefix.</summary>
    public const string LikePattern = "like_pattern";

    /// <summary>NULL where it decides nothing.</summary>
    public const string NullConstant = "null_constant";

    /// <summary>A condition on time that is not a half-open range.</summary>
    public const string TimeCondition = "time_condition";

    /// <summary>A LIMIT that is no constant, or in a place where it would choose among true rows.</summary>
    public const string Limit = "limit";

    /// <summary>Any other part of SQL.</summary>
    public const string UnsupportedSql = "unsupported_sql";
}
