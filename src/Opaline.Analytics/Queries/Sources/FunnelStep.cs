namespace Opaline.Analytics;

/// <summary>A step of a funnel.</summary>
/// <param name="Condition">Which events take it.</param>
/// <param name="Name">Its name in the answer; null for its number.</param>
public sealed record FunnelStep(Expression Condition, string? Name = null);
