namespace Opaline.Audit;

/// <summary>A search that cannot be understood.</summary>
/// <param name="field">The filter's property in snake_case: <c>limit</c>, <c>cursor</c>, <c>from</c>, …</param>
/// <param name="detail">What to do.</param>
public sealed class AuditFilterException(string field, string detail) : Exception(detail)
{
    /// <summary>The filter's property in snake_case.</summary>
    public string Field { get; } = field;
}
