namespace Opaline.Analytics;

/// <summary>Sizes beyond which a query is refused. Public constants: no limit depends on data.</summary>
public static class QueryLimits
{
    /// <summary>Most measures of one query.</summary>
    public const int MaxMeasures = 8;

    /// <summary>Most queries of a batch.</summary>
    public const int MaxBatch = 16;

    /// <summary>Most bytes of a batch.</summary>
    public const int MaxBatchBytes = 1_048_576;

    /// <summary>Most keys of one query.</summary>
    public const int MaxKeys = 4;

    /// <summary>Most columns of one presentation.</summary>
    public const int MaxColumns = 32;

    /// <summary>Most conditions of one query.</summary>
    public const int MaxConditions = 16;

    /// <summary>Most levels of one expression.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most fields, constants and operations of all expressions of one query together.</summary>
    public const int MaxNodes = 4_096;

    /// <summary>Most ranks of quantiles and most edges of a histogram.</summary>
    public const int MaxPoints = 128;

    /// <summary>Most sources that one question reads.</summary>
    public const int MaxSources = 8;

    /// <summary>Most rows that the rows of one unit may become by being joined with each other, whatever it did: how long an answer takes must not tell.</summary>
    public const int MaxJoinedRows = 100_000;

    /// <summary>Most rows about nobody that one row is joined with.</summary>
    public const int MaxMatches = 1_000;

    /// <summary>Most steps of a funnel.</summary>
    public const int MaxSteps = 20;

    /// <summary>Most periods of a retention.</summary>
    public const int MaxRetentionPeriods = 120;

    /// <summary>Most values of one <c>in</c>.</summary>
    public const int MaxValues = 1_000;

    /// <summary>Longest text of a query in its JSON form, in bytes.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>Most cells of one answer: periods × public domains, or privately selected keys.</summary>
    public const int MaxCells = 10_000;

    /// <summary>Largest κ and largest L.</summary>
    public const int MaxBound = 1_000_000;

    /// <summary>Smallest δ of a query.</summary>
    public const double MinDelta = 1e-15;

    /// <summary>Largest δ of a query. A larger one would allow publishing a person in a thousand.</summary>
    public const double MaxDelta = 1e-3;

    /// <summary>Largest ε of a query. A larger one protects nobody.</summary>
    public const double MaxEpsilon = 20;

    /// <summary>Smallest ε that may be configured. A smaller one answers nothing.</summary>
    public const double MinConfiguredEpsilon = 1e-6;

    /// <summary>Whether it may be the δ of a query, of a configured default, or of an account.</summary>
    public static bool IsDelta(double delta) => delta is >= MinDelta and <= MaxDelta;

    /// <summary>Whether it may be the ε of queries that name none.</summary>
    public static bool IsDefaultEpsilon(double epsilon) => epsilon is >= MinConfiguredEpsilon and <= MaxEpsilon;
}
