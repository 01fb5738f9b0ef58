using System.Text.Json;

namespace Opaline.Client.Contracts;

/// <summary>One condition of a query.</summary>
public sealed record QueryConditionDocument
{
    /// <summary>The field.</summary>
    public required string Field { get; init; }

    /// <summary><c>eq</c>, <c>ne</c>, <c>in</c>, <c>lt</c>, <c>le</c>, <c>gt</c>, <c>ge</c>, <c>is_null</c> or <c>not_null</c>.</summary>
    public required string Op { get; init; }

    /// <summary>The literal to compare with.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>With <c>in</c>: the literals.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }
}
