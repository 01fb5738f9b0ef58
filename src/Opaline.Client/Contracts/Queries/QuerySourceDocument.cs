namespace Opaline.Client.Contracts;

/// <summary>Rows that others are made of: a dataset's, or such as a join, a subquery or a behaviour makes. In place of <c>dataset</c>.</summary>
public sealed record QuerySourceDocument
{
    /// <summary>Which dataset. Not together with <see cref="Source"/>; one of the two.</summary>
    public string? Dataset { get; init; }

    /// <summary>Other rows in the place of a dataset's.</summary>
    public QuerySourceDocument? Source { get; init; }

    /// <summary>Its name in a join, by which its fields are told apart; default: the dataset's.</summary>
    public string? As { get; init; }

    /// <summary>Further datasets, joined one after the other.</summary>
    public IReadOnlyList<QueryJoinDocument>? Join { get; init; }

    /// <summary>One row per subject instead. At most one of this and the five that follow.</summary>
    public QuerySubjectsDocument? Subjects { get; init; }

    /// <summary>How far subjects went.</summary>
    public QueryFunnelDocument? Funnel { get; init; }

    /// <summary>Who came back.</summary>
    public QueryRetentionDocument? Retention { get; init; }

    /// <summary>Sessions.</summary>
    public QuerySessionsDocument? Sessions { get; init; }

    /// <summary>Active subjects and stickiness.</summary>
    public QueryActiveUsersDocument? ActiveUsers { get; init; }

    /// <summary>What follows what.</summary>
    public QueryPathsDocument? Paths { get; init; }
}
