using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>One statement: key columns in the plan's order, then the number of the bin where there are bins, then a sum per component.</summary>
/// <param name="Sql">The text: names of numbered tables and columns, our own constants, and <c>$n</c>.</param>
/// <param name="Parameters">All values that a request or a declaration chose.</param>
/// <param name="Components">What the columns after the keys are sums of: places in the plan's components.</param>
/// <param name="Binned">Whether there is a column for the bin.</param>
internal sealed record BoundedAggregation(string Sql, ImmutableArray<object> Parameters, ImmutableArray<int> Components, bool Binned = false);
