using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Platform.Tests.Storage;

/// <summary>Datasets for tests.</summary>
internal static class Datasets
{
    public static Classification Confirmed { get; } =
        new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Manual);

    public static Classification Suggested { get; } =
        new(ClassificationLevel.Confidential, "user.behavior", ClassificationState.Suggested, ClassificationSource.Auto);

    public static Dataset Sample(long id, params ImmutableArray<Field> fields)
    {
        DatasetDeclaration events = EventsDataset.Declaration(Tenant.Default);
        return new(
            id,
            Tenant.Default,
            "sample",
            1,
            events.SubjectScope,
            events.TimeZone,
            events.Unit,
            events.PublicRange,
            events.Bounds,
            events.MaxAge,
            [
                new Field(1, "user_id", FieldType.String, FieldRole.Subject, Confirmed, new(TreatmentKind.Tokenize)),
                new Field(2, "timestamp", FieldType.Timestamp, FieldRole.Time, Confirmed, new(TreatmentKind.Keep)),
                .. fields,
            ],
            []);
    }

    public static Field Kept(long id, string name) => new(id, name, FieldType.String, FieldRole.Dimension, Confirmed, new(TreatmentKind.Keep));

    public static FieldDeclaration Declared(string name, TreatmentKind treatment = TreatmentKind.Keep, Classification? classification = null) =>
        new(name, FieldType.String, FieldRole.Dimension, classification ?? Confirmed, new(treatment));
}
