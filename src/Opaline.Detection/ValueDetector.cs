#pragma warning disable CA1822 // Surface first; the bodies follow.
namespace Opaline.Detection;

/// <summary>
/// Finds personal data by rules: shapes, checksums and context. Linear in the length of the text, without backtracking, without state:
/// one instance serves all threads.
/// </summary>
public sealed class ValueDetector
{
    /// <summary>What the value is as a whole, or null: <c>"user@example.com"</c> is an e-mail address, <c>"write to user@example.com"</c> is not.</summary>
    /// <param name="fieldName">Name of the field the value came in. It helps (<c>phone</c>) or forbids (<c>order_id</c>, <c>version</c>); may be empty.</param>
    /// <param name="value">The value; surrounding white space does not count.</param>
    public Finding? Classify(string fieldName, string value) => null;

    /// <summary>All personal data in a text, in order of their start and without overlap.</summary>
    /// <param name="text">Any text.</param>
    public IReadOnlyList<Finding> Find(string text) => [];
}
