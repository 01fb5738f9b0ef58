using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>One row of a table.</summary>
/// <param name="Keys">The keys, in the table's order.</param>
/// <param name="Values">The numbers, in the table's order; null where there is none, as of a quotient whose divisor is 0.</param>
public sealed record AnswerTableRow(ImmutableArray<string> Keys, ImmutableArray<ShownValue?> Values);
