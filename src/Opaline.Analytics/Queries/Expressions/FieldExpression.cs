namespace Opaline.Analytics;

/// <summary>A field of the row.</summary>
/// <param name="Name">Its name; in a question about several tables <c>table.field</c>.</param>
public sealed record FieldExpression(string Name) : Expression;
