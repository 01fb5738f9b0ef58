using System.Collections.Immutable;

namespace Opaline.Catalog;

/// <summary>A field of a dataset.</summary>
/// <param name="Id">Number of the field, unique in the installation; names its column.</param>
/// <param name="Name">Path of the field, such as <c>metadata.device</c>; 1 to 128 characters, no control characters.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Classification">How sensitive it is.</param>
/// <param name="Treatment">What is stored of it.</param>
/// <param name="Domain">For a dimension: its public values, each of which gets a cell; null: keys are selected privately.</param>
/// <param name="Measure">For a measure: its public bounds; null for others.</param>
public sealed record Field(
    long Id,
    string Name,
    FieldType Type,
    FieldRole Role,
    Classification Classification,
    Treatment Treatment,
    ImmutableArray<string>? Domain = null,
    MeasureBounds? Measure = null)
{
    /// <summary>Whether analysts may name it. To them an unconfirmed field and an unknown one are the same.</summary>
    public bool Visible => Classification.State == ClassificationState.Confirmed;

    /// <summary>The type of its column in the event store, or null if it has none (sealed and dropped fields).</summary>
    public StoredType? Stored => Treatment.Kind switch
    {
        TreatmentKind.Seal or TreatmentKind.Drop => null,
        TreatmentKind.Tokenize => StoredType.Int64,
        TreatmentKind.Mask or TreatmentKind.Redact or TreatmentKind.Generalize => StoredType.Text,
        TreatmentKind.Keep => Type switch
        {
            FieldType.String or FieldType.Ip => StoredType.Text,
            FieldType.Int64 => StoredType.Int64,
            FieldType.Decimal => StoredType.Decimal,
            FieldType.Double => StoredType.Double,
            FieldType.Boolean => StoredType.Boolean,
            FieldType.Timestamp => StoredType.Timestamp,
            FieldType.Date => StoredType.Date,
            FieldType.Uuid => StoredType.Uuid,
            _ => throw new ArgumentOutOfRangeException(nameof(Type), Type, "Unknown field type."),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(Treatment), Treatment.Kind, "Unknown treatment."),
    };

    /// <summary>Whether it has a column of its own in the event store; the subject and the time have those of every dataset.</summary>
    public bool HasColumn => Stored is not null && Role is not (FieldRole.Subject or FieldRole.Time);

    /// <summary>The same field, as it would be asked for.</summary>
    public FieldDeclaration ToDeclaration() => new(Name, Type, Role, Classification, Treatment, Domain, Measure);

    /// <summary>
    /// Whether this field's column, with all that is stored in it, is given up if the field becomes the other one: another treatment
    /// begins with an empty column.
    /// </summary>
    public bool LosesColumnAs(Field changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        // What tokens look like is not stored.
        return Stored is not null && (Treatment.Kind, Treatment.Generalizer) != (changed.Treatment.Kind, changed.Treatment.Generalizer);
    }
}
