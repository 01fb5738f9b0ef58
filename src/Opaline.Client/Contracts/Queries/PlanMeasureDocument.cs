namespace Opaline.Client.Contracts;

/// <summary>One measure of a plan.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Function"><c>count</c>, <c>sum</c>, <c>mean</c> or <c>distinct_subjects</c>.</param>
/// <param name="Field">The measure field, or null.</param>
/// <param name="Scale">Standard deviation of the noise on one cell, in units of the answer; null for a mean.</param>
/// <param name="Margin">Half-width at the plan's confidence; null for a mean, whose margin depends on the noisy count.</param>
public sealed record PlanMeasureDocument(string Name, string Function, string? Field, double? Scale, double? Margin);
