namespace Opaline.Client.Contracts;

/// <summary>The dry run of a batch.</summary>
/// <param name="Plans">One for each query, in their order; <see cref="DryRunDocument.Affordable"/> speaks of the batch as a whole.</param>
public sealed record DryRunBatchDocument(IReadOnlyList<DryRunDocument> Plans);
