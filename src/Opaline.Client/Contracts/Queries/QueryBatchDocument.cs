namespace Opaline.Client.Contracts;

/// <summary>Queries that are planned and charged together.</summary>
/// <param name="Queries">1 to 16.</param>
public sealed record QueryBatchDocument(IReadOnlyList<QueryDocument> Queries);
