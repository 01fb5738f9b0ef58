namespace Opaline.Analytics;

/// <summary>An order of the answer's rows.</summary>
/// <param name="Column">Name of the column; missing values come last.</param>
/// <param name="Descending">Greatest first.</param>
public sealed record AnswerOrder(string Column, bool Descending = false);
