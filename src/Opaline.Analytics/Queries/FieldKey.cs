namespace Opaline.Analytics;

/// <summary>The values of a dimension: those of its public domain, or privately selected ones.</summary>
/// <param name="Field">The dimension.</param>
public sealed record FieldKey(string Field) : GroupKey;
