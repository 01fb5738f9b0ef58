using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Which fields may be used for what. To an analyst an unknown field and an unconfirmed one are the same.</summary>
internal static class FieldUse
{
    /// <summary>A field to group by.</summary>
    public static Field Key(Dataset dataset, string name, string path)
    {
        Field field = Visible(dataset, name, path);
        CheckStored(field, path);
        return field.Role == FieldRole.Dimension
            && (field.Measure is not null || field.Stored is StoredType.Text or StoredType.Int64 or StoredType.Boolean or StoredType.Date or StoredType.Uuid)
            ? field
            : throw Refuse("Group by a dimension of text, whole numbers, true/false, dates or UUIDs; a measure is summed or averaged.", path);
    }

    /// <summary>A field to filter by.</summary>
    public static Field Filter(Dataset dataset, string name, string path)
    {
        Field field = Visible(dataset, name, path);
        CheckStored(field, path);
        return field;
    }

    /// <summary>A field whose distinct values are counted: any that may be filtered by, and a tokenized one, whose values are never shown.</summary>
    public static Field Counted(Dataset dataset, string name, string path)
    {
        Field field = Visible(dataset, name, path);
        if (field.Treatment.Kind != TreatmentKind.Tokenize || field.Role is FieldRole.Subject or FieldRole.Time or FieldRole.Text)
            CheckStored(field, path);
        return field;
    }

    /// <summary>A field to add up, with its bounds.</summary>
    public static (Field Field, MeasureBounds Bounds) Measure(Dataset dataset, string name, string path)
    {
        Field field = Visible(dataset, name, path);
        CheckStored(field, path);
        return field is { Role: FieldRole.Measure or FieldRole.Dimension, Measure: { } bounds, Stored: StoredType.Int64 or StoredType.Double or StoredType.Decimal }
            ? (field, bounds)
            : throw Refuse("Only a measure with public bounds can be summed or averaged; an admin declares them.", path);
    }

    private static Field Visible(Dataset dataset, string name, string path) => dataset.Find(name) is { Visible: true } field
        ? field
        : throw Unknown(path);

    /// <summary>The one refusal of a field that is not there, or not confirmed.</summary>
    public static QueryRefusedException Unknown(string path) => new(
        RefusalCodes.UnknownField, "The dataset has no confirmed field of this name. GET /api/v1/datasets lists those it has.", path);

    private static void CheckStored(Field field, string path)
    {
        string? refusal = field.Role switch
        {
            FieldRole.Subject => "The subject is never a key, a filter or an output; use the measure distinct_subjects.",
            FieldRole.Time => "Time is asked about by \"from\" and \"to\", and grouped by {\"period\": …}.",
            FieldRole.Text => "Free text is never asked about.",
            _ when field.Treatment.Kind == TreatmentKind.Tokenize => "A tokenized field is never a key, a filter or an output.",
            _ when field.Stored is null => "A sealed or dropped field has nothing to ask about.",
            _ => null,
        };
        if (refusal is not null)
            throw Refuse(refusal, path);
    }

    private static QueryRefusedException Refuse(string detail, string path) => new(RefusalCodes.FieldNotAllowed, detail, path);
}
