namespace Opaline.Client.Contracts;

/// <summary>One cell of an answer.</summary>
/// <param name="Keys">Value of each of the plan's keys, by name. A day, week or month is the date of its first day; an hour is an instant in UTC.</param>
/// <param name="Values">Value of each column of the plan's measures, by name.</param>
public sealed record AnswerRowDocument(IReadOnlyDictionary<string, string?> Keys, IReadOnlyDictionary<string, AnswerValueDocument> Values);
