namespace Opaline.Client.Contracts;

/// <summary>A step of a funnel.</summary>
/// <param name="Condition">Which events take it.</param>
/// <param name="Name">Its name in the answer; default: its number.</param>
public sealed record QueryFunnelStepDocument(QueryExpressionDocument Condition, string? Name = null);
