namespace Opaline.Client.Contracts;

/// <summary>Body of <c>POST /datasets</c>. What is absent takes its default.</summary>
public sealed record DatasetDeclarationDocument
{
    /// <summary>1 to 64 characters of <c>a-z 0-9 _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Datasets may be joined on the subject only if they share it; default: the dataset's own. <c>.nobody</c> for a dataset about nobody, such as a list of
    /// products: it is public, pays nothing, and is joined to others on any field.
    /// </summary>
    public string? SubjectScope { get; init; }

    /// <summary>IANA zone in which days, weeks and months are cut; default <c>UTC</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary><c>subject</c> (default), <c>subject_per_day</c>, <c>subject_per_week</c> or <c>subject_per_month</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The public time range; rows outside are refused.</summary>
    public TimeRangeDocument? PublicRange { get; init; }

    /// <summary>Contribution bounds of queries that name none.</summary>
    public ContributionDocument? Contribution { get; init; }

    /// <summary>How old, in seconds, a release may be to answer the identical plan again at no cost; default a day.</summary>
    public long? MaxAgeSeconds { get; init; }

    /// <summary>The fewest distinct units of a key without a public domain that may ever be told; default 1.</summary>
    public int? MinimumUnits { get; init; }

    /// <summary>What becomes of a person's rows when the person is erased: <c>delete</c> (default) or <c>anonymize</c>.</summary>
    public string? ErasedRows { get; init; }

    /// <summary>The fields: exactly one with the role <c>subject</c> and one with <c>time</c>.</summary>
    public required IReadOnlyList<FieldDeclarationDocument> Fields { get; init; }
}
