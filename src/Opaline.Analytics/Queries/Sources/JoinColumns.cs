namespace Opaline.Analytics;

/// <summary>Two fields that must be equal.</summary>
/// <param name="Left">A field of the first side.</param>
/// <param name="Right">A field of the second side.</param>
public sealed record JoinColumns(string Left, string Right);
