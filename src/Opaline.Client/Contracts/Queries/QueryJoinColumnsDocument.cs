namespace Opaline.Client.Contracts;

/// <summary>Two fields that must be equal.</summary>
/// <param name="Left">A field of the first side, <c>dataset.field</c>.</param>
/// <param name="Right">A field of the second side.</param>
public sealed record QueryJoinColumnsDocument(string Left, string Right);
