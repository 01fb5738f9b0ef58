namespace Opaline.Client.Contracts;

/// <summary>One fault of a request.</summary>
/// <param name="Path">Where in the request, or in the row of that index, such as <c>$.timestamp</c>.</param>
/// <param name="Detail">What is wrong and what to do. Never holds a value.</param>
/// <param name="Index">Which row of a batch, from 0; absent for other requests.</param>
public sealed record ProblemErrorDocument(string Path, string Detail, int? Index = null);
