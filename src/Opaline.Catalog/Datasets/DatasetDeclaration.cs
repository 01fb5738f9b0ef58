namespace Opaline.Catalog;

/// <summary>A dataset as somebody asks for it. The members mean what they mean in <see cref="Dataset"/>.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">1 to 64 characters of <c>a-z 0-9 _ -</c>.</param>
/// <param name="SubjectScope">1 to 64 characters of <c>a-z 0-9 _ . -</c>.</param>
/// <param name="TimeZone">IANA zone.</param>
/// <param name="Unit">The privacy unit.</param>
/// <param name="PublicRange">The declared time range, UTC.</param>
/// <param name="Bounds">Contribution bounds of queries that name none.</param>
/// <param name="MaxAge">How old a release may be to answer again at no cost.</param>
/// <param name="Fields">The fields; exactly one subject and one time field among them.</param>
public sealed record DatasetDeclaration(
    Tenant Tenant,
    string Name,
    string SubjectScope,
    string TimeZone,
    PrivacyUnit Unit,
    TimeRange PublicRange,
    ContributionBounds Bounds,
    TimeSpan MaxAge,
    IReadOnlyList<FieldDeclaration> Fields)
{
    /// <summary>
    /// The minimum frequency m of privately selected keys: one of fewer distinct units is never told. From 1, which asks for nothing, to 1,000,000.
    /// </summary>
    public int MinimumUnits { get; init; } = 1;

    /// <summary>What becomes of a person's rows when the person is erased.</summary>
    public ErasedRows ErasedRows { get; init; }
}
