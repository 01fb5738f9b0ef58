namespace Opaline.Analytics;

/// <summary>A key of a plan.</summary>
/// <param name="Name">The field, or <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>.</param>
/// <param name="Source"><c>period</c>, <c>public_domain</c> or <c>private_selection</c>.</param>
/// <param name="Values">Number of its public values; null for a privately selected one.</param>
public sealed record KeySummary(string Name, string Source, int? Values);
