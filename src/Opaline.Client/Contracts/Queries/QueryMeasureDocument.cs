namespace Opaline.Client.Contracts;

/// <summary>One measure of a query.</summary>
public sealed record QueryMeasureDocument
{
    /// <summary><c>count</c>, <c>sum</c>, <c>mean</c> or <c>distinct_subjects</c>.</summary>
    public required string Function { get; init; }

    /// <summary>With <c>sum</c> and <c>mean</c>: the measure field.</summary>
    public string? Field { get; init; }

    /// <summary>Its name in the answer; default: function and field.</summary>
    public string? Name { get; init; }

    /// <summary>Tighter bounds, [lower, upper]; default: the field's.</summary>
    public IReadOnlyList<decimal>? Clamp { get; init; }
}
