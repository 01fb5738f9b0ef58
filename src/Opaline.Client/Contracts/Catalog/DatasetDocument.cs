namespace Opaline.Client.Contracts;

/// <summary>A dataset as the caller may see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Version of its schema, from 1.</param>
/// <param name="SubjectScope">Scope of its subjects.</param>
/// <param name="TimeZone">IANA zone of its days.</param>
/// <param name="Unit">The privacy unit: <c>subject</c>, <c>subject_per_day</c>, <c>subject_per_week</c> or <c>subject_per_month</c>.</param>
/// <param name="PublicRange">The declared time range.</param>
/// <param name="Contribution">Contribution bounds of queries that name none.</param>
/// <param name="MaxAgeSeconds">How old a release may be to be answered again at no cost.</param>
/// <param name="Fields">Confirmed fields; to an Admin all of them.</param>
/// <param name="Metrics">Named queries.</param>
public sealed record DatasetDocument(
    string Name,
    int Version,
    string SubjectScope,
    string TimeZone,
    string Unit,
    TimeRangeDocument PublicRange,
    ContributionDocument Contribution,
    long MaxAgeSeconds,
    IReadOnlyList<FieldDocument> Fields,
    IReadOnlyList<MetricDocument> Metrics)
{
    /// <summary>The fewest distinct units of a key without a public domain that may ever be told.</summary>
    public int MinimumUnits { get; init; } = 1;

    /// <summary>
    /// What becomes of a person's rows when the person is erased: <c>delete</c>, or <c>anonymize</c>, after which a person who returns is counted as another.
    /// </summary>
    public string ErasedRows { get; init; } = "delete";
}
