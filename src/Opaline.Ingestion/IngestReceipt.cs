namespace Opaline.Ingestion;

/// <summary>What became of a batch. A duplicate counts as accepted: whether a row was known is never told.</summary>
/// <param name="Accepted">Events that are durable now.</param>
/// <param name="Rejected">Events that broke a rule.</param>
/// <param name="Errors">One per rejected event, in their order, at most 100.</param>
public sealed record IngestReceipt(int Accepted, int Rejected, IReadOnlyList<EventError> Errors);
