using System.Collections.Immutable;

namespace Opaline.Catalog;

/// <summary>
/// A table about subjects. Scope, zone, unit, and public range are immutable: they decide what an answer's guarantee means.
/// Fields and metrics change; what a plan can see of a change makes a new version, which inherits every balance.
/// </summary>
/// <param name="Id">Stable number of the dataset, the same over all versions; names the event table.</param>
/// <param name="Tenant">The owner.</param>
/// <param name="Name">1 to 64 characters of <c>a-z 0-9 _ -</c>, unique in the tenant.</param>
/// <param name="Version">Version of the schema, from 1. Part of every plan.</param>
/// <param name="SubjectScope">Two datasets may be joined on the subject only if they share it; <see cref="Nobody"/> for a dataset about nobody.</param>
/// <param name="TimeZone">IANA zone in which days, weeks and months are cut.</param>
/// <param name="Unit">The privacy unit.</param>
/// <param name="PublicRange">The declared time range; a query without a range is charged for it, never for min/max of the data.</param>
/// <param name="Bounds">Contribution bounds of queries that name none.</param>
/// <param name="MaxAge">How old a release may be to answer the identical plan again at no cost.</param>
/// <param name="Fields">All fields, known or first seen in traffic.</param>
/// <param name="Metrics">Named queries.</param>
public sealed record Dataset(
    long Id,
    Tenant Tenant,
    string Name,
    int Version,
    string SubjectScope,
    string TimeZone,
    PrivacyUnit Unit,
    TimeRange PublicRange,
    ContributionBounds Bounds,
    TimeSpan MaxAge,
    ImmutableArray<Field> Fields,
    ImmutableArray<Metric> Metrics)
{
    /// <summary>
    /// The minimum frequency m of privately selected keys: one of fewer distinct units is never told. From 1, which asks for nothing, to 1,000,000.
    /// </summary>
    public int MinimumUnits { get; init; } = 1;

    /// <summary>What becomes of a person's rows when the person is erased; a change holds for later erasures.</summary>
    public ErasedRows ErasedRows { get; init; }

    /// <summary>
    /// The scope of datasets about nobody, such as a list of products: public, joined to others on any field, and free of charge. No scope that was made of a
    /// dataset's name begins with a dot.
    /// </summary>
    public const string Nobody = ".nobody";

    /// <summary>Whether it is about nobody. Immutable as the scope is: no dataset about subjects ever becomes public.</summary>
    public bool IsPublic => SubjectScope == Nobody;

    /// <summary>The field that says whom a row is about.</summary>
    public Field Subject => Fields.First(f => f.Role == FieldRole.Subject);

    /// <summary>The field that says when.</summary>
    public Field Time => Fields.First(f => f.Role == FieldRole.Time);

    /// <summary>
    /// The field that makes, with the day in the dataset's zone, the canonical group in which a subject's rows are ranked: <c>action</c> of the
    /// built-in dataset, if it has a column. Any other dataset ranks by day alone. Fields that traffic brings or that somebody confirms later
    /// are never it, as rows that were ranked without it would be grouped by it.
    /// </summary>
    public Field? CanonicalDimension =>
        string.Equals(Name, EventsDataset.Name, StringComparison.Ordinal) && Find(EventsDataset.Action) is { Stored: not null } action ? action : null;

    /// <summary>The field of that name, confirmed or not, or null.</summary>
    public Field? Find(string name) => Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
