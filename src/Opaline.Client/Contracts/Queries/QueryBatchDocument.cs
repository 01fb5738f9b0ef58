namespace Opaline.Client.Contracts;

/// <summary>Queries that are planned and charged together.</summary>
/// <param name="Queries">1 to 16, each in its JSON form or in SQL.</param>
public sealed record QueryBatchDocument(IReadOnlyList<BatchedQueryDocument> Queries);
