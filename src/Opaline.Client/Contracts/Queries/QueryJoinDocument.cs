namespace Opaline.Client.Contracts;

/// <summary>A second side of a join: another dataset about the same subjects, or one about nobody. Its fields are named <c>as.field</c>.</summary>
public sealed record QueryJoinDocument
{
    /// <summary>Which dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>Its name in this query; default: the dataset's.</summary>
    public string? As { get; init; }

    /// <summary><c>inner</c> (default) or <c>left</c>, which keeps every row of the first side.</summary>
    public string? Kind { get; init; }

    /// <summary>For a dataset about nobody: the fields that must be equal. Absent for the subject, on which all others are joined.</summary>
    public QueryJoinColumnsDocument? On { get; init; }

    /// <summary>One row per subject of it instead of its own rows.</summary>
    public QuerySubjectsDocument? Subjects { get; init; }
}
