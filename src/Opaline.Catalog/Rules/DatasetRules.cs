using System.Globalization;

namespace Opaline.Catalog;

/// <summary>What a dataset must be like. Every rule is public: it reads the declaration alone, never data.</summary>
public static class DatasetRules
{
    /// <summary>The most fields of one dataset, declared or first seen in traffic.</summary>
    public const int MaxFields = 500;

    /// <summary>
    /// The most fields of one dataset that were first seen in traffic and that no admin confirmed or changed. The rest of
    /// <see cref="MaxFields"/> is the admin's: whoever may send events cannot keep an admin from declaring fields.
    /// </summary>
    public const int MaxDiscoveredFields = 250;

    /// <summary>Longest path of a field.</summary>
    public const int MaxFieldNameLength = 128;

    /// <summary>Longest name of a dataset, scope, metric or tenant.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Longest range that a dataset may declare.</summary>
    public const int MaxRangeYears = 100;

    /// <summary>Largest minimum frequency of privately selected keys.</summary>
    public const int MaxMinimumUnits = 1_000_000;

    /// <summary>Checks a whole declaration; an empty list means that it is good.</summary>
    public static IReadOnlyList<CatalogError> Check(DatasetDeclaration declaration)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        List<CatalogError> errors = [];
        if (!IsName(declaration.Tenant.Value, "-"))
            errors.Add(new("invalid_name", "tenant", "Use 1 to 64 characters of a-z, 0-9 and -."));
        if (!IsName(declaration.Name, "_-"))
            errors.Add(new("invalid_name", "name", "Use 1 to 64 characters of a-z, 0-9, _ and -."));
        if (!IsName(declaration.SubjectScope, "_.-"))
            errors.Add(new("invalid_name", "subject_scope", "Use 1 to 64 characters of a-z, 0-9, _, . and -."));
        if (IanaZone.Find(declaration.TimeZone) is null)
            errors.Add(new("invalid_value", "time_zone", "Name an IANA time zone such as Europe/Vienna or UTC."));
        if (!Enum.IsDefined(declaration.Unit))
            errors.Add(new("invalid_value", "unit", "Use subject, subject_per_day, subject_per_week or subject_per_month."));
        if (declaration.MaxAge < TimeSpan.Zero || declaration.MaxAge > TimeSpan.FromDays(366))
            errors.Add(new("invalid_value", "max_age", "Use between 0 and 366 days."));
        CheckRange(declaration.PublicRange, errors);
        errors.AddRange(CheckBounds(declaration.Bounds, declaration.MinimumUnits));
        CheckFields(declaration.Fields, errors);
        return errors;
    }

    /// <summary>Checks a metric's name and length; what its query means is for the planner to say.</summary>
    public static IReadOnlyList<CatalogError> Check(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        List<CatalogError> errors = [];
        if (!IsName(metric.Name, "_"))
            errors.Add(new("invalid_name", "name", "Use 1 to 64 characters of a-z, 0-9 and _."));
        if (string.IsNullOrWhiteSpace(metric.QueryJson) || metric.QueryJson.Length > 64 * 1024)
            errors.Add(new("invalid_value", "query", "Give a query of at most 64 KB."));
        return errors;
    }

    /// <summary>
    /// Whether it may name a field: 1 to 128 letters and digits of any script, blanks, and <c>_ - . : / $ @ # +</c>, no blank at either end.
    /// Quotes, semicolons, control and invisible characters never stand in a name.
    /// </summary>
    public static bool IsFieldName(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxFieldNameLength || name[0] == ' ' || name[^1] == ' ')
            return false;
        foreach (char c in name)
        {
            bool allowed = char.IsLetterOrDigit(c)
                || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                || "_-.:/$@#+ ".Contains(c, StringComparison.Ordinal);
            if (!allowed)
                return false;
        }

        return true;
    }

    /// <summary>How many more fields first seen in traffic a dataset with these fields takes.</summary>
    public static int RoomForDiscovered(IReadOnlyCollection<Field> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Math.Min(MaxDiscoveredFields - fields.Count(f => IsDiscovered(f.Classification)), MaxFields - fields.Count);
    }

    /// <summary>Whether a field's classification is still the one it got when it was first seen in traffic.</summary>
    public static bool IsDiscovered(Classification classification) =>
        classification is { State: ClassificationState.Suggested, Source: ClassificationSource.Auto };

    /// <summary>Whether it may name a dataset.</summary>
    public static bool IsDatasetName(string? name) => IsName(name, "_-");

    private static bool IsName(string? name, string marks)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength)
            return false;
        foreach (char c in name)
        {
            if (c is not (>= 'a' and <= 'z') and not (>= '0' and <= '9') && !marks.Contains(c, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private static void CheckRange(TimeRange range, List<CatalogError> errors)
    {
        if (range.From.Kind != DateTimeKind.Utc || range.To.Kind != DateTimeKind.Utc)
            errors.Add(new("invalid_value", "public_range", "Give both ends in UTC."));
        else if (range.From >= range.To)
            errors.Add(new("invalid_value", "public_range", "The range must end after it begins."));
        else if (range.From.Year < 1900 || range.To.Year > 2200 || range.From.AddYears(MaxRangeYears) < range.To)
            errors.Add(new("invalid_value", "public_range", "Use at most 100 years between 1900 and 2200."));
    }

    /// <summary>Checks what may be changed of a dataset; an empty list means that it is good.</summary>
    public static IReadOnlyList<CatalogError> CheckBounds(ContributionBounds? bounds, int minimumUnits)
    {
        List<CatalogError> errors = [];
        if (minimumUnits is < 1 or > MaxMinimumUnits)
            errors.Add(new("invalid_value", "minimum_units", "Use a whole number from 1 to 1,000,000."));
        if (bounds is null || bounds.Groups is < 1 or > 10_000)
            errors.Add(new("invalid_value", "bounds.groups", "Use 1 to 10,000 groups."));
        if (bounds is null || bounds.RowsPerGroup is < 1 or > 1_000_000)
            errors.Add(new("invalid_value", "bounds.rows_per_group", "Use 1 to 1,000,000 rows."));
        return errors;
    }

    private static void CheckFields(IReadOnlyList<FieldDeclaration>? fields, List<CatalogError> errors)
    {
        if (fields is null || fields.Count == 0)
        {
            errors.Add(new("missing_field", "fields", "Declare a subject field and a time field at least."));
            return;
        }

        if (fields.Count > MaxFields)
        {
            errors.Add(new("too_many", "fields", "A dataset has at most 500 fields."));
            return;
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < fields.Count; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"fields[{i}]");
            errors.AddRange(FieldRules.Check(fields[i], path));
            if (!names.Add(fields[i].Name ?? ""))
                errors.Add(new("duplicate_name", path + ".name", "Each field needs a name of its own."));
        }

        foreach (FieldRole role in (FieldRole[])[FieldRole.Subject, FieldRole.Time])
        {
            if (fields.Count(f => f.Role == role) != 1)
            {
                string word = role == FieldRole.Subject ? "subject" : "time";
                errors.Add(new("missing_field", "fields", $"Declare exactly one field of the role {word}."));
            }
        }
    }
}
