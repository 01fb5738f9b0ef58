using System.Text.Json;

namespace Opaline.Client.Contracts;

/// <summary>
/// A value of a row: a <see cref="Field"/>; a constant <see cref="Value"/>; an operation <see cref="Op"/> on <see cref="Args"/>; or, in short, a field
/// compared with constants: <see cref="Field"/>, <see cref="Op"/> and <see cref="Value"/> or <see cref="Values"/>.
/// </summary>
public sealed record QueryExpressionDocument
{
    /// <summary>A field of the dataset.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// <c>add</c>, <c>subtract</c>, <c>multiply</c>, <c>divide</c>, <c>negate</c>, <c>abs</c>, <c>floor</c>, <c>bucket</c> (number, width), <c>least</c>,
    /// <c>greatest</c>; <c>eq</c>, <c>ne</c>, <c>lt</c>, <c>le</c>, <c>gt</c>, <c>ge</c>, <c>in</c>, <c>is_null</c>, <c>not_null</c>, <c>and</c>, <c>or</c>,
    /// <c>not</c>; <c>case</c> (condition, value, …, and perhaps the value otherwise), <c>coalesce</c>; <c>truncate</c> (period, date), <c>extract</c> (part,
    /// time or date); <c>prefix</c> (text, length), <c>starts_with</c> (text, beginning).
    /// </summary>
    public string? Op { get; init; }

    /// <summary>A constant: text, a number, true or false.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>With a field and <c>in</c>: the constants.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>The arguments of the operation.</summary>
    public IReadOnlyList<QueryExpressionDocument>? Args { get; init; }
}
