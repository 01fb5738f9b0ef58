namespace Opaline.Client.Contracts;

/// <summary>One cell of an answer.</summary>
/// <param name="Keys">Value of each grouping key, by name (the field's, or <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>); a period is the
/// local start of it: <c>2024-01-15</c>, an hour <c>2024-01-15T10:00:00+01:00</c>.</param>
/// <param name="Values">Value of each measure, by name.</param>
public sealed record AnswerRowDocument(IReadOnlyDictionary<string, string?> Keys, IReadOnlyDictionary<string, AnswerValueDocument> Values);
