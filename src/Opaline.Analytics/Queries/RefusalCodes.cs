namespace Opaline.Analytics;

/// <summary>Stable codes of refusals.</summary>
public static class RefusalCodes
{
    /// <summary>The text is no query: bad JSON, an unknown property, a wrong type, too long.</summary>
    public const string InvalidQuery = "invalid_query";

    /// <summary>A metric's name that is neither declared nor <c>&lt;action&gt;_count</c>.</summary>
    public const string InvalidMetric = "invalid_metric";

    /// <summary>A period that is none of hour, day, week, month.</summary>
    public const string InvalidPeriod = "invalid_period";

    /// <summary>No such dataset.</summary>
    public const string UnknownDataset = "unknown_dataset";

    /// <summary>No such confirmed field.</summary>
    public const string UnknownField = "unknown_field";

    /// <summary>A field that may not be used this way.</summary>
    public const string FieldNotAllowed = "field_not_allowed";

    /// <summary>A comparison that the field's type does not have.</summary>
    public const string OperatorNotAllowed = "operator_not_allowed";

    /// <summary>A value that is not of the field's type.</summary>
    public const string InvalidValue = "invalid_value";

    /// <summary>ε is no number above 0, or too large.</summary>
    public const string InvalidEpsilon = "invalid_epsilon";

    /// <summary>δ is no number above 0, or above 1e-3.</summary>
    public const string InvalidDelta = "invalid_delta";

    /// <summary>An error target that cannot be priced.</summary>
    public const string InvalidErrorTarget = "invalid_error_target";

    /// <summary>Contribution bounds or a clamp outside their limits.</summary>
    public const string InvalidBounds = "invalid_bounds";

    /// <summary>Arithmetic whose result could leave what is exact.</summary>
    public const string RangeTooLarge = "range_too_large";

    /// <summary>An empty or reversed range, or one outside the dataset's.</summary>
    public const string InvalidRange = "invalid_range";

    /// <summary>No such time zone.</summary>
    public const string UnknownTimeZone = "unknown_time_zone";

    /// <summary>No release of that id that the query could be built on.</summary>
    public const string UnknownRelease = "unknown_release";

    /// <summary>More cells than an answer may have.</summary>
    public const string TooManyCells = "too_many_cells";

    /// <summary>A join whose bounds would not hold.</summary>
    public const string JoinNotAllowed = "join_not_allowed";

    /// <summary>A noise that this kind of plan does not have.</summary>
    public const string MechanismNotAvailable = "mechanism_not_available";
}
