namespace Opaline.Client.Contracts;

/// <summary>A grouping key of a plan.</summary>
/// <param name="Name">The field, or <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>.</param>
/// <param name="Source"><c>period</c>, <c>public_domain</c> or <c>private_selection</c>.</param>
/// <param name="Values">Number of its public values; absent for a privately selected one.</param>
public sealed record PlanKeyDocument(string Name, string Source, int? Values);
