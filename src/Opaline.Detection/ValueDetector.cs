namespace Opaline.Detection;

/// <summary>
/// Finds personal data by rules: shapes, checksums and context. Linear in the length of the text, without backtracking, without state:
/// one instance serves all threads.
/// </summary>
public sealed class ValueDetector
{
    private readonly PhoneRule _phones = new();

    /// <summary>What the value is as a whole, or null: <c>"user@example.com"</c> is an e-mail address, <c>"write to user@example.com"</c> is not.</summary>
    /// <param name="fieldName">Name of the field the value came in. It helps (<c>phone</c>) or forbids (<c>order_id</c>, <c>version</c>); may be empty.</param>
    /// <param name="value">The value; surrounding white space does not count.</param>
    public Finding? Classify(string fieldName, string value)
    {
        ArgumentNullException.ThrowIfNull(fieldName);
        ArgumentNullException.ThrowIfNull(value);
        string trimmed = value.Trim();
        int offset = trimmed.Length == value.Length ? 0 : value.AsSpan().IndexOf(trimmed, StringComparison.Ordinal);
        foreach (Finding finding in Find(trimmed))
        {
            if (finding.Start > 0 || finding.Length < trimmed.Length)
                break;
            return FieldNameHint.Forbids(fieldName, finding.Type) ? null : finding with { Start = offset };
        }
        // The name of a field can say what a shape alone does not.
        if (FieldNameHint.Says(fieldName, PiiType.Phone) && PhoneRule.HasShape(trimmed))
            return new Finding(PiiType.Phone, offset, trimmed.Length, 0.7, "phone/field_name");
        if (FieldNameHint.Says(fieldName, PiiType.Email) && EmailRule.IsLocalAddress(trimmed))
            return new Finding(PiiType.Email, offset, trimmed.Length, 0.7, "email/field_name");
        return null;
    }

    /// <summary>All personal data in a text, in order of their start and without overlap.</summary>
    /// <param name="text">Any text.</param>
    public IReadOnlyList<Finding> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool hasAt = EmailRule.MayHold(text);
        bool hasDigit = text.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
        if (!hasAt && !hasDigit)
            return [];
        Candidates found = new(text);
        if (hasAt)
            EmailRule.Find(found);
        if (hasDigit)
        {
            Uuids.Block(found);
            IbanRule.Find(found);
            CardRule.Find(found);
            IpRule.Find(found);
            _phones.Find(found);
        }
        return found.InOrder();
    }
}
