using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opaline.Catalog;
using Opaline.Tokenization;

namespace Opaline.Storage;

/// <summary>Between the catalog's records and its rows. Enumerations are stored by name, so that their order may change.</summary>
internal static class CatalogRows
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public static DatasetRow ToRow(DatasetDeclaration declaration)
    {
        DatasetRow row = new()
        {
            Tenant = declaration.Tenant.Value,
            Name = declaration.Name,
            Version = 1,
            SubjectScope = declaration.SubjectScope,
            TimeZone = declaration.TimeZone,
            Unit = declaration.Unit.ToString(),
            RangeFrom = UnixMicros.From(declaration.PublicRange.From),
            RangeTo = UnixMicros.From(declaration.PublicRange.To),
            BoundGroups = declaration.Bounds.Groups,
            BoundRows = declaration.Bounds.RowsPerGroup,
            MaxAgeSeconds = (long)declaration.MaxAge.TotalSeconds,
            MinimumUnits = declaration.MinimumUnits,
            ErasedRows = declaration.ErasedRows.ToString(),
        };
        for (int i = 0; i < declaration.Fields.Count; i++)
            row.Fields.Add(ToRow(declaration.Fields[i], i));
        return row;
    }

    public static FieldRow ToRow(FieldDeclaration field, int position) => new()
    {
        Position = position,
        Name = field.Name,
        Type = field.Type.ToString(),
        Role = field.Role.ToString(),
        Level = field.Classification.Level.ToString(),
        Category = field.Classification.Category,
        State = field.Classification.State.ToString(),
        Source = field.Classification.Source.ToString(),
        Treatment = field.Treatment.Kind.ToString(),
        Generalizer = field.Treatment.Generalizer,
        TokenFormatJson = field.Treatment.Format is { } format ? JsonSerializer.Serialize(format, Json) : null,
        DomainJson = field.Domain is { } domain ? JsonSerializer.Serialize(domain.AsEnumerable()) : null,
        MeasureLower = field.Measure?.Lower.ToString(CultureInfo.InvariantCulture),
        MeasureUpper = field.Measure?.Upper.ToString(CultureInfo.InvariantCulture),
        MeasureGranularity = field.Measure?.Granularity.ToString(CultureInfo.InvariantCulture),
    };

    public static Dataset FromRow(DatasetRow row) => new(
        row.Id,
        new Tenant(row.Tenant),
        row.Name,
        row.Version,
        row.SubjectScope,
        row.TimeZone,
        Enum.Parse<PrivacyUnit>(row.Unit),
        new TimeRange(UnixMicros.ToDateTime(row.RangeFrom), UnixMicros.ToDateTime(row.RangeTo)),
        new ContributionBounds(row.BoundGroups, row.BoundRows),
        TimeSpan.FromSeconds(row.MaxAgeSeconds),
        [.. row.Fields.OrderBy(f => f.Position).Select(FromRow)],
        [.. row.Metrics.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new Metric(m.Name, m.QueryJson, m.ListedForViewers))])
    {
        MinimumUnits = row.MinimumUnits,
        ErasedRows = Enum.Parse<ErasedRows>(row.ErasedRows),
    };

    public static Field FromRow(FieldRow row) => new(
        row.Id,
        row.Name,
        Enum.Parse<FieldType>(row.Type),
        Enum.Parse<FieldRole>(row.Role),
        new Classification(
            Enum.Parse<ClassificationLevel>(row.Level),
            row.Category,
            Enum.Parse<ClassificationState>(row.State),
            Enum.Parse<ClassificationSource>(row.Source)),
        new Treatment(
            Enum.Parse<TreatmentKind>(row.Treatment),
            row.Generalizer,
            row.TokenFormatJson is null ? null : JsonSerializer.Deserialize<TokenFormat>(row.TokenFormatJson, Json)),
        row.DomainJson is null ? null : JsonSerializer.Deserialize<ImmutableArray<string>>(row.DomainJson),
        row.MeasureLower is null || row.MeasureUpper is null || row.MeasureGranularity is null
            ? null
            : new MeasureBounds(Number(row.MeasureLower), Number(row.MeasureUpper), Number(row.MeasureGranularity)));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
