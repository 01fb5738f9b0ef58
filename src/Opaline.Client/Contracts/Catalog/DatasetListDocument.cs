namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>GET /datasets</c>.</summary>
/// <param name="Datasets">The datasets, by name.</param>
public sealed record DatasetListDocument(IReadOnlyList<DatasetDocument> Datasets);
