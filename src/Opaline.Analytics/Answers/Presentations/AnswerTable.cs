using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>A released answer as it was asked to be shown.</summary>
/// <param name="Keys">Names of the columns that are keys.</param>
/// <param name="Values">Names of the columns that are numbers.</param>
/// <param name="Rows">The rows, in the order asked for, else in that of the keys.</param>
public sealed record AnswerTable(ImmutableArray<string> Keys, ImmutableArray<string> Values, ImmutableArray<AnswerTableRow> Rows);
