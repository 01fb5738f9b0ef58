using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>One cell.</summary>
/// <param name="Keys">The values of the plan's keys, in its order. A day, week or month is the date of its first day; an hour is an instant in UTC.</param>
/// <param name="Values">The values of the columns of the plan's measures, in its order: several for quantiles and for a histogram, see <see cref="MeasureSummary.Columns"/>.</param>
public sealed record AnswerRow(ImmutableArray<string> Keys, ImmutableArray<AnswerValue> Values);
