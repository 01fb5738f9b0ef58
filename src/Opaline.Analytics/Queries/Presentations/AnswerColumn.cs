namespace Opaline.Analytics;

/// <summary>A column of the answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A key or a measure, by its name in the plan, or arithmetic over measures.</param>
public sealed record AnswerColumn(string Name, Expression Value);
