namespace Opaline.Analytics;

/// <summary>The values of an expression: those of its public domain where it has one, else privately selected ones.</summary>
/// <param name="Expression">A dimension, or an expression of fields.</param>
/// <param name="Name">Name in the answer; null for the field's, or one made of the operation.</param>
public sealed record ExpressionKey(Expression Expression, string? Name = null) : GroupKey;
