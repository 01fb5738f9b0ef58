namespace Opaline.Client.Contracts;

/// <summary>A margin to aim at.</summary>
/// <param name="Absolute">The half-width, in units of the answer.</param>
/// <param name="Confidence">The share of answers that lie within it; default 0.95.</param>
public sealed record QueryErrorTargetDocument(double Absolute, double? Confidence = null);
