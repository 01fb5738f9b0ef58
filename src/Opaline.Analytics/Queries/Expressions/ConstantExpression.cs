namespace Opaline.Analytics;

/// <summary>A constant. Text stands for dates, instants and UUIDs too: what it is compared with decides.</summary>
/// <param name="Value">The literal.</param>
public sealed record ConstantExpression(Literal Value) : Expression;
