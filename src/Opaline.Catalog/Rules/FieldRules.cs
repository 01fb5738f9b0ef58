using Opaline.Tokenization;

namespace Opaline.Catalog;

/// <summary>What a field must be like.</summary>
public static class FieldRules
{
    /// <summary>The most values of a public domain.</summary>
    public const int MaxDomain = 10_000;

    /// <summary>Longest value of a public domain.</summary>
    public const int MaxDomainValueLength = 256;

    /// <summary>Longest specification of a generalizer.</summary>
    public const int MaxGeneralizerLength = 256;

    /// <summary>The most steps of the granularity between zero and a bound: it keeps sums over billions of rows exact in 128 bits.</summary>
    public const decimal MaxSteps = 1_000_000_000_000m;

    /// <summary>Checks one field; <paramref name="path"/> is put before the names of the offending properties.</summary>
    public static IReadOnlyList<CatalogError> Check(FieldDeclaration field, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<CatalogError> errors = [];
        if (field is null || field.Classification is null || field.Treatment is null)
        {
            errors.Add(new("invalid_value", path, "Give name, type, role, classification and treatment."));
            return errors;
        }

        string prefix = path.Length == 0 ? "" : path + ".";
        if (!DatasetRules.IsFieldName(field.Name))
            errors.Add(new("invalid_name", prefix + "name", "Use 1 to 128 letters, digits, blanks and _ - . : / $ @ # +."));
        if (!Enum.IsDefined(field.Type))
            errors.Add(new("invalid_value", prefix + "type", "Use one of the types of the catalog."));
        if (!Enum.IsDefined(field.Role))
            errors.Add(new("invalid_value", prefix + "role", "Use subject, time, dimension, measure or text."));
        CheckClassification(field.Classification, prefix, errors);
        CheckTreatment(field, prefix, errors);
        CheckRole(field, prefix, errors);
        CheckDomain(field, prefix, errors);
        CheckMeasure(field, prefix, errors);
        return errors;
    }

    /// <summary>Checks a change of a field: name, type, and the roles subject and time stay what they are.</summary>
    public static IReadOnlyList<CatalogError> CheckChange(Field before, Field after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<CatalogError> errors = [.. Check(after.ToDeclaration(), "")];
        if (!string.Equals(before.Name, after.Name, StringComparison.Ordinal))
            errors.Add(new("immutable", "name", "A field keeps its name."));
        if (before.Type != after.Type)
            errors.Add(new("immutable", "type", "A field keeps its type; declare another field."));
        if (before.Role != after.Role && (IsFixed(before.Role) || IsFixed(after.Role)))
            errors.Add(new("immutable", "role", "The subject and the time of a dataset stay what they are; declare another dataset."));
        return errors;
    }

    private static bool IsFixed(FieldRole role) => role is FieldRole.Subject or FieldRole.Time;

    private static void CheckClassification(Classification classification, string prefix, List<CatalogError> errors)
    {
        if (!Enum.IsDefined(classification.Level) || !Enum.IsDefined(classification.State) || !Enum.IsDefined(classification.Source))
            errors.Add(new("invalid_value", prefix + "classification", "Use the levels, states and sources of the catalog."));
        string? category = classification.Category;
        if (string.IsNullOrEmpty(category) || category.Length > 128 || !category.All(c => c is (>= 'a' and <= 'z') or '.' or '_' or (>= '0' and <= '9')))
            errors.Add(new("invalid_value", prefix + "category", "Use a fideslang category such as user.contact.email."));
    }

    private static void CheckTreatment(FieldDeclaration field, string prefix, List<CatalogError> errors)
    {
        Treatment treatment = field.Treatment;
        if (!Enum.IsDefined(treatment.Kind))
            errors.Add(new("invalid_value", prefix + "treatment", "Use keep, tokenize, generalize, mask, redact, seal or drop."));
        CheckGeneralizer(treatment, prefix + "generalizer", errors);
        if (treatment.Format is not { } format)
            return;
        string path = prefix + "format";
        if (treatment.Kind != TreatmentKind.Tokenize || field.Role == FieldRole.Subject)
            errors.Add(new("invalid_value", path, "Only a tokenized field that is not the subject has one; the subject's token is its opaque id."));
        errors.AddRange(FormatRules.Check(format).Faults.Select(f => new CatalogError("invalid_value", $"{path}.{f.Property}", $"{f.Reason} Use {f.Alternative}.")));
    }

    private static void CheckGeneralizer(Treatment treatment, string path, List<CatalogError> errors)
    {
        if (treatment.Kind is not (TreatmentKind.Generalize or TreatmentKind.Mask))
        {
            if (treatment.Generalizer is not null)
                errors.Add(new("invalid_value", path, "Only generalize and mask take one."));
        }
        else if (treatment.Generalizer is { Length: > MaxGeneralizerLength })
        {
            errors.Add(new("invalid_value", path, "Write it in at most 256 characters."));
        }
        else if (!Generalizer.TryParse(treatment.Generalizer, out Generalizer? generalizer, out string? error))
        {
            errors.Add(new("invalid_value", path, error!));
        }
        else if (generalizer!.IsMask != (treatment.Kind == TreatmentKind.Mask))
        {
            errors.Add(new("invalid_value", path, generalizer.IsMask ? "It masks a part of the value: declare mask." : "It makes the whole value coarser: declare generalize."));
        }
    }

    private static void CheckRole(FieldDeclaration field, string prefix, List<CatalogError> errors)
    {
        TreatmentKind kind = field.Treatment.Kind;
        switch (field.Role)
        {
            case FieldRole.Subject when kind != TreatmentKind.Tokenize:
                errors.Add(new("invalid_value", prefix + "treatment", "The subject is always tokenized."));
                break;
            case FieldRole.Time when kind != TreatmentKind.Keep:
                errors.Add(new("invalid_value", prefix + "treatment", "The time of a row is kept."));
                break;
            case FieldRole.Time when field.Type is not (FieldType.Timestamp or FieldType.Date):
                errors.Add(new("invalid_value", prefix + "type", "The time of a row is a timestamp or a date."));
                break;
            case FieldRole.Measure when kind != TreatmentKind.Keep:
                errors.Add(new("invalid_value", prefix + "treatment", "A measure is kept; its bounds clamp it."));
                break;
            case FieldRole.Measure when field.Type is not (FieldType.Int64 or FieldType.Decimal or FieldType.Double):
                errors.Add(new("invalid_value", prefix + "type", "A measure is int64, decimal or double."));
                break;
            case FieldRole.Text when kind is TreatmentKind.Keep or TreatmentKind.Generalize:
                errors.Add(new("invalid_value", prefix + "treatment", "Free text is sealed, redacted, masked, tokenized or dropped."));
                break;
            default:
                break;
        }
    }

    private static void CheckDomain(FieldDeclaration field, string prefix, List<CatalogError> errors)
    {
        if (field.Domain is not { } domain)
            return;
        string path = prefix + "domain";
        if (field.Role != FieldRole.Dimension)
            errors.Add(new("invalid_value", path, "Only a dimension has a public domain."));
        if (field.Treatment.Kind == TreatmentKind.Tokenize)
            errors.Add(new("invalid_value", path, "A tokenized field is never a group key, so it has no domain."));
        if (domain.IsDefaultOrEmpty || domain.Length > MaxDomain)
            errors.Add(new("too_many", path, "List 1 to 10,000 values."));
        else if (domain.Any(v => string.IsNullOrEmpty(v) || v.Length > MaxDomainValueLength || v.Any(char.IsControl)))
            errors.Add(new("invalid_value", path, "Values have 1 to 256 characters, none of them a control character."));
        else if (domain.Distinct(StringComparer.Ordinal).Count() != domain.Length)
            errors.Add(new("duplicate_name", path, "List each value once."));
    }

    private static void CheckMeasure(FieldDeclaration field, string prefix, List<CatalogError> errors)
    {
        string path = prefix + "measure";
        if (field.Role != FieldRole.Measure)
        {
            if (field.Measure is not null)
                errors.Add(new("invalid_value", path, "Only a measure has bounds."));
            return;
        }

        if (field.Measure is not { } measure)
        {
            errors.Add(new("missing_field", path, "A measure needs lower, upper and granularity."));
            return;
        }

        if (measure.Granularity < 0.000001m || measure.Granularity > MaxSteps)
        {
            errors.Add(new("invalid_value", path + ".granularity", "Use a step of at least 0.000001."));
            return;
        }

        if (!OnGrid(measure.Lower, measure.Granularity))
            errors.Add(new("invalid_value", path + ".lower", "Use a multiple of the granularity, at most 10^12 steps from zero."));
        if (!OnGrid(measure.Upper, measure.Granularity))
            errors.Add(new("invalid_value", path + ".upper", "Use a multiple of the granularity, at most 10^12 steps from zero."));
        if (measure.Lower >= measure.Upper)
            errors.Add(new("invalid_value", path + ".upper", "The upper bound must lie above the lower one."));
    }

    // Compared by division of the bound: a product of step and bound could overflow.
    private static bool OnGrid(decimal bound, decimal step) =>
        (step >= 1m || Math.Abs(bound) <= decimal.MaxValue * step) && Math.Abs(bound / step) <= MaxSteps && bound % step == 0m;
}
