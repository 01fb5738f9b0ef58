namespace Opaline.Client.Contracts;

/// <summary>One fault of a request.</summary>
/// <param name="Path">Where in the request.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed record ProblemErrorDocument(string Path, string Detail);
