using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>The values of an expression: those of a public domain in the order of the answer, or privately selected ones.</summary>
internal sealed record PlannedExpressionKey(string Name, PlannedExpression Expression, ImmutableArray<string>? Domain) : PlannedKey(Name)
{
    public override int? Values => Domain?.Length;
}
