using System.Collections.Immutable;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>A condition whose field is resolved and whose values are of the field's type.</summary>
/// <param name="Field">The field.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">Canonical texts in the order of their code units, each once.</param>
internal sealed record PlannedCondition(Field Field, ConditionOperator Operator, ImmutableArray<string> Values);
