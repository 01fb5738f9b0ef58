using System.Text.Json;
using Opaline.Catalog;
using Opaline.Client.Contracts;

namespace Opaline.Server.Documents;

/// <summary>Between the catalog's datasets and the documents of the wire.</summary>
internal static class DatasetDocuments
{
    private static readonly TimeSpan DefaultMaxAge = TimeSpan.FromDays(1);

    /// <param name="dataset">The dataset.</param>
    /// <param name="all">Whether fields that nobody has confirmed are shown too.</param>
    public static DatasetDocument Write(Dataset dataset, bool all) => new(
        dataset.Name,
        dataset.Version,
        dataset.SubjectScope,
        dataset.TimeZone,
        Words.Of(dataset.Unit),
        new TimeRangeDocument(dataset.PublicRange.From, dataset.PublicRange.To),
        new ContributionDocument(dataset.Bounds.Groups, dataset.Bounds.RowsPerGroup),
        (long)dataset.MaxAge.TotalSeconds,
        [.. dataset.Fields.Where(f => all || f.Visible).Select(FieldDocuments.Write)],
        [.. dataset.Metrics.Select(Write)])
    {
        MinimumUnits = dataset.MinimumUnits,
        ErasedRows = Words.Of(dataset.ErasedRows),
    };

    public static DatasetDeclaration Read(DatasetDeclarationDocument document, Tenant tenant)
    {
        List<CatalogError> errors = [];
        PrivacyUnit unit = Words.Read(document.Unit, PrivacyUnit.Subject, "unit", errors);
        ErasedRows erased = Words.Read(document.ErasedRows, ErasedRows.Delete, "erased_rows", errors);
        IReadOnlyList<FieldDeclaration> fields = FieldDocuments.Read(document.Fields, errors, "fields");
        DatasetDeclaration declaration = new(
            tenant,
            document.Name,
            document.SubjectScope ?? document.Name,
            document.TimeZone ?? "UTC",
            unit,
            document.PublicRange is { } range ? new TimeRange(range.From, range.To) : EventsDataset.PublicRange,
            document.Contribution is { } bounds ? new ContributionBounds(bounds.Groups, bounds.RowsPerGroup) : EventsDataset.Bounds,
            MaxAge(document.MaxAgeSeconds),
            fields)
        {
            MinimumUnits = document.MinimumUnits ?? 1,
            ErasedRows = erased,
        };
        errors.AddRange(DatasetRules.Check(declaration));
        return errors.Count == 0 ? declaration : throw new CatalogRuleException(errors);
    }

    /// <summary>What a change says of erased rows; null: nothing.</summary>
    /// <exception cref="CatalogRuleException">It is no such word.</exception>
    public static ErasedRows? ReadErasedRows(string? word)
    {
        List<CatalogError> errors = [];
        ErasedRows? read = Words.Read<ErasedRows>(word, "erased_rows", errors);
        return errors.Count == 0 ? read : throw new CatalogRuleException(errors);
    }

    private static MetricDocument Write(Metric metric)
    {
        using JsonDocument query = JsonDocument.Parse(metric.QueryJson);
        return new MetricDocument(metric.Name, query.RootElement.Clone(), metric.ListedForViewers);
    }

    // Beyond what a TimeSpan holds the rules refuse anyway.
    private static TimeSpan MaxAge(long? seconds) => seconds is { } given
        ? TimeSpan.FromSeconds(Math.Clamp(given, -1, (long)TimeSpan.FromDays(100_000).TotalSeconds))
        : DefaultMaxAge;
}
