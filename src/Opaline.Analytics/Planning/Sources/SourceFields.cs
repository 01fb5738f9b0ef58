using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Fields of rows that a question makes: confirmed, kept as they are, with the bounds or the domain that follow from how they are made.</summary>
internal sealed class SourceFields
{
    private static readonly Classification Derived =
        new(ClassificationLevel.Internal, "user.behavior", ClassificationState.Confirmed, ClassificationSource.Auto);

    private readonly Dataset _base;
    private readonly List<Field> _fields = [];

    /// <summary>Fields beside the subject and the time of other rows.</summary>
    public SourceFields(Dataset rows)
    {
        _base = rows;
        Add(rows.Subject);
        Add(rows.Time);
    }

    /// <summary>The rows with these fields.</summary>
    public Dataset Schema => _base with { Fields = [.. _fields] };

    /// <summary>A whole number between public bounds, which is a key as well as a number.</summary>
    public Field AddCount(string name, long lower, long upper) =>
        Add(new Field(0, name, FieldType.Int64, FieldRole.Dimension, Derived, new Treatment(TreatmentKind.Keep), null, new MeasureBounds(lower, upper, 1m)));

    /// <summary>A number on a public grid, which is a key as well as a number.</summary>
    public Field AddNumber(string name, ValueGrid grid) => Add(
        new Field(
            0,
            name,
            FieldType.Double,
            FieldRole.Dimension,
            Derived,
            new Treatment(TreatmentKind.Keep),
            null,
            new MeasureBounds(grid.LowerValue, grid.UpperValue, grid.Granularity)));

    /// <summary>A key of a type, with a public domain or none.</summary>
    public Field AddKey(string name, FieldType type, ImmutableArray<string>? domain) =>
        Add(new Field(0, name, type, FieldRole.Dimension, Derived, new Treatment(TreatmentKind.Keep), domain));

    /// <summary>A field of other rows under another name.</summary>
    public Field Add(Field field, string? name = null)
    {
        Field added = field with { Id = _fields.Count + 1, Name = name ?? field.Name };
        _fields.Add(added);
        return added;
    }
}
