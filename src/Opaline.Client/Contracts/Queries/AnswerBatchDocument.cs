namespace Opaline.Client.Contracts;

/// <summary>The answers of a batch.</summary>
/// <param name="Answers">One for each query, in their order. What an answer shares with one before it is left out of its cost.</param>
public sealed record AnswerBatchDocument(IReadOnlyList<AnswerDocument> Answers);
