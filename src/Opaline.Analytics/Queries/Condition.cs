using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A condition on one field of a row. A row without a value satisfies <see cref="ConditionOperator.IsNull"/> only.</summary>
/// <param name="Field">The field.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">One value; one or more for <see cref="ConditionOperator.In"/>; none for the null tests.</param>
public sealed record Condition(string Field, ConditionOperator Operator, ImmutableArray<Literal> Values);
