using System.Collections.Immutable;
using Opaline.Analytics;
using Opaline.Catalog;
using Opaline.Platform.Tests.Storage;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Analytics;

/// <summary>A small dataset with a field of every kind.</summary>
internal static class Shop
{
    public static readonly DateTime From = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly DateTime To = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Treatment Keep = new(TreatmentKind.Keep);

    /// <summary>Columns of <see cref="Row"/>: action, city, amount, vip.</summary>
    public static ImmutableArray<FrameColumn> Columns { get; } =
    [
        new(3, StoredType.Text), new(4, StoredType.Text), new(5, StoredType.Decimal), new(6, StoredType.Boolean),
    ];

    /// <summary>The same columns with the numbers that a catalog gave.</summary>
    public static ImmutableArray<FrameColumn> ColumnsOf(Dataset dataset) =>
        [.. ((string[])["action", "city", "amount", "vip"]).Select(n => new FrameColumn(dataset.Find(n)!.Id, dataset.Find(n)!.Stored!.Value))];

    public static DatasetDeclaration Declaration(
        PrivacyUnit unit = PrivacyUnit.Subject, string zone = "UTC", string name = "shop", ContributionBounds? bounds = null) => new(
        Tenant.Default, name, "shop", zone, unit, new TimeRange(From, To), bounds ?? new ContributionBounds(10, 5), TimeSpan.FromDays(1), Fields);

    /// <summary>The dataset as if the catalog had numbered it.</summary>
    public static Dataset Dataset(PrivacyUnit unit = PrivacyUnit.Subject, string zone = "UTC", long id = 1, ContributionBounds? bounds = null) => new(
        id,
        Tenant.Default,
        "shop",
        1,
        "shop",
        zone,
        unit,
        new TimeRange(From, To),
        bounds ?? new ContributionBounds(10, 5),
        TimeSpan.FromDays(1),
        [.. Fields.Select((f, i) => new Field(i + 1, f.Name, f.Type, f.Role, f.Classification, f.Treatment, f.Domain, f.Measure))],
        []);

    /// <summary>A row for <see cref="Columns"/>.</summary>
    public static ProtectedRow Row(long subject, DateTime time, string? action, string? city = null, decimal? amount = null, bool? vip = null) =>
        new(Rows.RandomKey(), subject, UnixMicros.From(time), [action, city, amount, vip], null);

    public static Query Count(params ImmutableArray<GroupKey> keys) => new("shop", [new Measure(MeasureFunction.Count)]) { GroupBy = keys };

    /// <summary>The plan of a query about one dataset, this one unless another is given; nothing of it is sealed, unless it is said through when.</summary>
    public static QueryPlan Plan(Query query, Dataset? dataset = null, DateTime sealedThrough = default) => Plan(query, (_, _) => dataset ?? Dataset(), sealedThrough);

    /// <summary>The plan of a query about several datasets.</summary>
    public static QueryPlan Plan(Query query, Func<string, string, Dataset> find, DateTime sealedThrough = default) =>
        QueryPlanner.Plan(find, query, new AnalyticsOptions(), EarlierReleases.None, sealedThrough);

    private static ImmutableArray<FieldDeclaration> Fields { get; } =
    [
        new("user", FieldType.String, FieldRole.Subject, Datasets.Confirmed, new Treatment(TreatmentKind.Tokenize)),
        new("time", FieldType.Timestamp, FieldRole.Time, Datasets.Confirmed, Keep),
        new("action", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, Keep, ["buy", "look", "return"]),
        new("city", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, Keep),
        new("amount", FieldType.Decimal, FieldRole.Measure, Datasets.Confirmed, Keep, null, new MeasureBounds(-2m, 6m, 0.5m)),
        new("vip", FieldType.Boolean, FieldRole.Dimension, Datasets.Confirmed, Keep),
        new("guessed", FieldType.String, FieldRole.Dimension, Datasets.Suggested, Keep),
        new("email", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, new Treatment(TreatmentKind.Tokenize)),
        new("secret", FieldType.String, FieldRole.Dimension, Datasets.Confirmed, new Treatment(TreatmentKind.Seal)),
        new("note", FieldType.String, FieldRole.Text, Datasets.Confirmed, new Treatment(TreatmentKind.Redact)),
        new("qty", FieldType.Int64, FieldRole.Measure, Datasets.Confirmed, Keep, null, new MeasureBounds(0m, 100m, 1m)),
        new("score", FieldType.Double, FieldRole.Measure, Datasets.Confirmed, Keep, null, new MeasureBounds(0m, 1m, 0.001m)),
        new("born", FieldType.Date, FieldRole.Dimension, Datasets.Confirmed, Keep),
        new("session", FieldType.Uuid, FieldRole.Dimension, Datasets.Confirmed, Keep),
        new("seen", FieldType.Timestamp, FieldRole.Dimension, Datasets.Confirmed, Keep),
        new("level", FieldType.Int64, FieldRole.Dimension, Datasets.Confirmed, Keep),
    ];
}
