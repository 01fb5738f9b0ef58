namespace Opaline.Client.Contracts;

/// <summary>A half-open range of UTC instants, [from, to).</summary>
/// <param name="From">First instant inside.</param>
/// <param name="To">First instant after.</param>
public sealed record TimeRangeDocument(DateTime From, DateTime To);
