using System.Text;

namespace Opaline.Detection;

/// <summary>Replaces findings by typed placeholders. An explicit choice of a field's owner, since detection can miss.</summary>
public static class TextRedactor
{
    /// <summary>The text with each finding replaced, such as <c>write to &lt;EMAIL&gt;</c>.</summary>
    /// <param name="text">The text that was searched.</param>
    /// <param name="findings">What was found in it, ordered by start and without overlap, as <see cref="ValueDetector.Find"/> returns it.</param>
    /// <exception cref="ArgumentException">A finding lies outside the text, or they overlap.</exception>
    public static string Redact(string text, IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(findings);
        if (findings.Count == 0)
            return text;
        StringBuilder redacted = new(text.Length);
        int copied = 0;
        foreach (Finding finding in findings)
        {
            if (finding.Start < copied || finding.Length < 1 || finding.End > text.Length)
                throw new ArgumentException("Findings must lie inside the text, in order and without overlap.", nameof(findings));
            redacted.Append(text, copied, finding.Start - copied).Append(Placeholder(finding.Type));
            copied = finding.End;
        }
        return redacted.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The placeholder of a type, such as <c>&lt;EMAIL&gt;</c>.</summary>
    public static string Placeholder(PiiType type) => type switch
    {
        PiiType.Email => "<EMAIL>",
        PiiType.Phone => "<PHONE>",
        PiiType.Ip => "<IP>",
        PiiType.Card => "<CARD>",
        PiiType.Iban => "<IBAN>",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown type of personal data."),
    };
}
