namespace Opaline.Catalog;

/// <summary>The built-in dataset of every tenant: who did what, when, and what came along.</summary>
public static class EventsDataset
{
    /// <summary>Its name.</summary>
    public const string Name = "events";

    /// <summary>Its subject field.</summary>
    public const string UserId = "user_id";

    /// <summary>Its time field.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The dimension that says what was done.</summary>
    public const string Action = "action";

    /// <summary>How it is declared at a tenant's first start.</summary>
    public static DatasetDeclaration Declaration(Tenant tenant) => new(
        tenant,
        Name,
        SubjectScope: "user",
        TimeZone: "UTC",
        PrivacyUnit.Subject,
        new TimeRange(new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2035, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
        new ContributionBounds(Groups: 10, RowsPerGroup: 5),
        MaxAge: TimeSpan.FromDays(1),
        [
            new(UserId, FieldType.String, FieldRole.Subject, Confirmed(ClassificationLevel.Confidential, "user.unique_id"), new(TreatmentKind.Tokenize)),
            new(Timestamp, FieldType.Timestamp, FieldRole.Time, Confirmed(ClassificationLevel.Internal, "user.behavior"), new(TreatmentKind.Keep)),
            new(Action, FieldType.String, FieldRole.Dimension, Confirmed(ClassificationLevel.Internal, "user.behavior"), new(TreatmentKind.Keep)),
        ]);

    private static Classification Confirmed(ClassificationLevel level, string category) =>
        new(level, category, ClassificationState.Confirmed, ClassificationSource.Manual);
}
