using System.Collections.Immutable;
using System.Globalization;
using Opaline.Catalog;
using Opaline.Client.Contracts;
using Opaline.Tokenization;

namespace Opaline.Server.Documents;

/// <summary>Between the catalog's fields and the documents of the wire.</summary>
internal static class FieldDocuments
{
    public static FieldDocument Write(Field field) => new(
        field.Name,
        Words.Of(field.Type),
        Words.Of(field.Role),
        Words.Of(field.Treatment.Kind),
        field.Treatment.Generalizer,
        Words.Of(field.Classification.Level),
        field.Classification.Category,
        Words.Of(field.Classification.State),
        Words.Of(field.Classification.Source),
        field.Domain is { IsDefault: false } domain ? [.. domain] : null,
        field.Measure is { } measure ? new MeasureBoundsDocument(measure.Lower, measure.Upper, measure.Granularity) : null,
        field.Treatment.Format is { } format ? TokenFormatDocuments.Write(format) : null);

    /// <exception cref="CatalogRuleException">With everything that is wrong.</exception>
    public static IReadOnlyList<FieldDeclaration> Read(IReadOnlyList<FieldDeclarationDocument> documents)
    {
        List<CatalogError> errors = [];
        IReadOnlyList<FieldDeclaration> fields = Read(documents, errors, "");
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < fields.Count; i++)
        {
            string path = Index("", i);
            errors.AddRange(FieldRules.Check(fields[i], path));
            if (!names.Add(fields[i].Name))
                errors.Add(new CatalogError("duplicate_name", path + ".name", "Each field needs a name of its own."));
            if (fields[i].Role is FieldRole.Subject or FieldRole.Time)
                errors.Add(new CatalogError("immutable", path + ".role", "The subject and the time of a dataset are declared with it."));
        }

        if (fields.Count == 0)
            errors.Add(new CatalogError("missing_field", "$", "Declare at least one field."));
        return errors.Count == 0 ? fields : throw new CatalogRuleException(errors);
    }

    /// <summary>Reads the words; rules beyond them are for the caller to check.</summary>
    public static IReadOnlyList<FieldDeclaration> Read(IReadOnlyList<FieldDeclarationDocument> documents, List<CatalogError> errors, string path)
    {
        List<FieldDeclaration> fields = [];
        for (int i = 0; i < documents.Count; i++)
        {
            // The serializer lets null stand among the items of a list.
            if (documents[i] is { } document)
                fields.Add(Read(document, errors, Index(path, i)));
            else
                errors.Add(new CatalogError("invalid_value", Index(path, i), "Give a field, not null."));
        }

        return fields;
    }

    /// <summary>The change that the document asks for. A person made it, so it is manual from now on.</summary>
    /// <exception cref="CatalogRuleException">With every word that is unknown.</exception>
    public static Func<Field, Field> ReadChange(FieldChangeDocument change)
    {
        List<CatalogError> errors = [];
        ClassificationState? state = Words.Read<ClassificationState>(change.State, "state", errors);
        ClassificationLevel? level = Words.Read<ClassificationLevel>(change.Level, "level", errors);
        FieldType? type = Words.Read<FieldType>(change.Type, "type", errors);
        FieldRole? role = Words.Read<FieldRole>(change.Role, "role", errors);
        TreatmentKind? treatment = Words.Read<TreatmentKind>(change.Treatment, "treatment", errors);
        TokenFormat? format = TokenFormatDocuments.Read(change.Format, "format", errors);
        if (errors.Count > 0)
            throw new CatalogRuleException(errors);
        return field => field with
        {
            Type = type ?? field.Type,
            Role = role ?? field.Role,
            Treatment = Changed(field.Treatment, new(treatment ?? field.Treatment.Kind, change.Generalizer, format)),
            Classification = new Classification(
                level ?? field.Classification.Level,
                change.Category ?? field.Classification.Category,
                state ?? field.Classification.State,
                ClassificationSource.Manual),
            Domain = Changed((role ?? field.Role) == FieldRole.Dimension ? field.Domain : null, change.Domain),
            Measure = Bounds(change.Measure) ?? ((role ?? field.Role) == FieldRole.Measure ? field.Measure : null),
        };
    }

    // A generalizer and a format belong to their treatment: another treatment without one has none.
    private static Treatment Changed(Treatment before, Treatment change) => change.Kind == before.Kind
        ? change with { Generalizer = change.Generalizer ?? before.Generalizer, Format = change.Format ?? before.Format }
        : change;

    private static ImmutableArray<string>? Changed(ImmutableArray<string>? before, IReadOnlyList<string>? domain) => domain switch
    {
        null => before,
        { Count: 0 } => null,
        _ => [.. domain],
    };

    private static FieldDeclaration Read(FieldDeclarationDocument document, List<CatalogError> errors, string path)
    {
        FieldRole role = Words.Read(
            document.Role, document.Measure is null ? FieldRole.Dimension : FieldRole.Measure, path + ".role", errors);
        TreatmentKind kind = Words.Read(document.Treatment, DefaultTreatment(role), path + ".treatment", errors);
        return new FieldDeclaration(
            document.Name,
            Words.Read(document.Type, DefaultType(role), path + ".type", errors),
            role,
            new Classification(
                Words.Read(document.Level, DefaultLevel(role), path + ".level", errors),
                document.Category ?? DefaultCategory(role),
                ClassificationState.Confirmed,
                ClassificationSource.Manual),
            new Treatment(kind, document.Generalizer, TokenFormatDocuments.Read(document.Format, path + ".format", errors)),
            document.Domain is { } domain ? [.. domain] : (ImmutableArray<string>?)null,
            Bounds(document.Measure));
    }

    private static MeasureBounds? Bounds(MeasureBoundsDocument? document) =>
        document is null ? null : new MeasureBounds(document.Lower, document.Upper, document.Granularity);

    private static TreatmentKind DefaultTreatment(FieldRole role) => role switch
    {
        FieldRole.Subject => TreatmentKind.Tokenize,
        FieldRole.Text => TreatmentKind.Seal,
        _ => TreatmentKind.Keep,
    };

    private static FieldType DefaultType(FieldRole role) => role switch
    {
        FieldRole.Time => FieldType.Timestamp,
        FieldRole.Measure => FieldType.Decimal,
        _ => FieldType.String,
    };

    private static ClassificationLevel DefaultLevel(FieldRole role) =>
        role is FieldRole.Subject or FieldRole.Text ? ClassificationLevel.Confidential : ClassificationLevel.Internal;

    private static string DefaultCategory(FieldRole role) => role switch
    {
        FieldRole.Subject => "user.unique_id",
        FieldRole.Text => "user.content",
        _ => "user.behavior",
    };

    private static string Index(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
