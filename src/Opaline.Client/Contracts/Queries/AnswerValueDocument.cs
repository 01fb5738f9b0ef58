namespace Opaline.Client.Contracts;

/// <summary>A noisy value.</summary>
/// <param name="Value">The value, or null where a mean has no meaning (its noisy count is not above zero).</param>
/// <param name="Margin">Half-width of the interval that holds the bounded truth with the plan's confidence, or null with the value.</param>
public sealed record AnswerValueDocument(double? Value, double? Margin);
