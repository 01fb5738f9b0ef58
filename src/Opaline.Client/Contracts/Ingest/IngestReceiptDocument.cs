namespace Opaline.Client.Contracts;

/// <summary>Answer of <c>POST /events</c> and <c>/datasets/{name}/rows</c>, sent once the accepted rows are durable. A duplicate counts as accepted.</summary>
/// <param name="Accepted">Rows that are stored.</param>
/// <param name="Rejected">Rows that are not.</param>
/// <param name="Errors">Why, for the first 100 of them.</param>
public sealed record IngestReceiptDocument(int Accepted, int Rejected, IReadOnlyList<IngestErrorDocument> Errors);
