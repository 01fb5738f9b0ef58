using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Makes one plan of several that ask about the same cells of the same rows, so that what they have in common is counted and charged once.</summary>
internal static class PlanMerger
{
    /// <summary>What plans must have in common to be one; null for a question that is a release of its own: a behaviour, or one about bounds.</summary>
    public static string? Frame(QueryPlan plan) =>
        plan.Derivation is not null || plan.Measures.Any(m => m.Function is MeasureFunction.Contributions or MeasureFunction.Bounds)
            ? null
            : Convert.ToHexStringLower(PlanBytes.CellFrame(plan).AsSpan());

    /// <summary>Plans in the order in which they are merged: that of their hashes, so that a batch in another order is the same plan.</summary>
    public static ImmutableArray<QueryPlan> Ordered(ImmutableArray<QueryPlan> plans) => [.. plans.OrderBy(p => p.HashText, StringComparer.Ordinal)];

    /// <summary>One plan with the measures of all, <see cref="Ordered"/>; of a single plan that plan itself.</summary>
    /// <param name="plans">At least one; all of one <see cref="Frame"/>.</param>
    public static QueryPlan Merge(ImmutableArray<QueryPlan> plans)
    {
        plans = Ordered(plans);
        QueryPlan first = plans[0];
        if (plans.Length == 1)
            return first;
        ImmutableArray<PlannedMeasure> measures = SharedComponents.Of([.. plans.SelectMany(p => p.Measures)]);
        KeySelection? selection = Select(plans, measures);
        NanoRho cost = QueryPlan.CostOf(measures, selection);
        QueryPlan merged = first with
        {
            RowsPerGroup = plans.Max(p => p.RowsPerGroup),
            // Only a question about units has their bounds.
            Ordinals = plans.Select(p => p.Ordinals).FirstOrDefault(o => o?.UnitBounds is not null) ?? first.Ordinals,
            Measures = measures,
            Selection = selection,
            Cost = cost,
            // Pure losses add up; of Gaussian ones the sum is told at one δ.
            Epsilon = first.Mechanism == NoiseMechanism.DiscreteLaplace ? plans.Sum(p => p.Epsilon) : Zcdp.EpsilonFor(cost, first.ConversionDelta),
            At = (epsilon, delta) => Merge([.. plans.Select(p => p.At(epsilon, delta))]),
        };
        ImmutableArray<byte> hash = PlanBytes.Hash(merged);
        return merged with { Hash = hash, NestedHash = hash };
    }

    // Where the distinct units are an answer, their noisy number selects for all; else the selection that is paid the most does.
    private static KeySelection? Select(ImmutableArray<QueryPlan> plans, ImmutableArray<PlannedMeasure> measures)
    {
        QueryPlan first = plans[0];
        if (plans.Select(p => p.Selection).FirstOrDefault(s => s is { IsMeasure: true }) is not { } answer)
            return plans.Select(p => p.Selection).MaxBy(s => s?.Component.Cost.Value);
        Component units = measures.SelectMany(m => m.Components).First(c => c.Shape.Canonical == answer.Component.Shape.Canonical);
        return KeySelection.ByThreshold(units, true, answer.L0, first.ConversionDelta, (int)answer.Rule.LeastUnits);
    }
}
