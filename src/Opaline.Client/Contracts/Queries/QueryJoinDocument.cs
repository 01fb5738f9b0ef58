namespace Opaline.Client.Contracts;

/// <summary>A second side of a join: another dataset about the same subjects, or one about nobody. Its fields are named <c>as.field</c>.</summary>
public sealed record QueryJoinDocument
{
    /// <summary>Which dataset. Not together with <see cref="Source"/>; one of the two.</summary>
    public string? Dataset { get; init; }

    /// <summary>Other rows in the place of a dataset's.</summary>
    public QuerySourceDocument? Source { get; init; }

    /// <summary>Its name in this query; default: the dataset's.</summary>
    public string? As { get; init; }

    /// <summary><c>inner</c> (default) or <c>left</c>, which keeps every row of the first side.</summary>
    public string? Kind { get; init; }

    /// <summary>For a dataset about nobody: the fields that must be equal. Absent for the subject, on which all others are joined.</summary>
    public QueryJoinColumnsDocument? On { get; init; }

    /// <summary>One row per subject of it instead of its own rows. At most one of this and the five that follow.</summary>
    public QuerySubjectsDocument? Subjects { get; init; }

    /// <summary>How far subjects went.</summary>
    public QueryFunnelDocument? Funnel { get; init; }

    /// <summary>Who came back.</summary>
    public QueryRetentionDocument? Retention { get; init; }

    /// <summary>Sessions.</summary>
    public QuerySessionsDocument? Sessions { get; init; }

    /// <summary>Active subjects.</summary>
    public QueryActiveUsersDocument? ActiveUsers { get; init; }

    /// <summary>What follows what.</summary>
    public QueryPathsDocument? Paths { get; init; }
}
