using System.Collections.Immutable;
using Opaline.DifferentialPrivacy;
using ContributionBounds = Opaline.Catalog.ContributionBounds;

namespace Opaline.Analytics;

/// <summary>Public constants that a release proposes for later queries: read from its noisy numbers, so they cost nothing more.</summary>
/// <param name="Contribution">κ and L within which most units stay; null where none were asked for or nothing stood out from noise.</param>
/// <param name="Clamp">Bounds within which most values lie; null likewise.</param>
public sealed record ProposedBounds(ContributionBounds? Contribution, ClampRange? Clamp)
{
    // Of the units that stand out from noise.
    private const double Kept = 0.95;

    internal static ProposedBounds? Of(QueryPlan plan, ImmutableArray<AnswerRow> rows)
    {
        PlannedMeasure measure = plan.Measures[0];
        if (measure.Function is not (MeasureFunction.Contributions or MeasureFunction.Bounds) || rows is not [{ } row])
            return null;
        long[] noisy = [.. row.Values.Select(v => (long)v.Value)];
        if (measure.Function == MeasureFunction.Bounds)
            return new ProposedBounds(null, ClampOf(measure, noisy));
        int bins = measure.Components[0].Shape.Bins!.Leaves;
        return Covering(measure, noisy.AsSpan(0, bins)) is { } groups && Covering(measure, noisy.AsSpan(bins)) is { } most
            ? new ProposedBounds(new ContributionBounds(groups, most), null)
            : new ProposedBounds(null, null);
    }

    // The last number of the first bin up to which that share is; bins inside their margin are taken for empty.
    private static int? Covering(PlannedMeasure measure, ReadOnlySpan<long> noisy)
    {
        double total = 0;
        foreach (long units in noisy)
            total += units > measure.HalfWidth ? units : 0;
        if (total == 0)
            return null;
        double below = 0;
        int bin = 0;
        for (; bin < noisy.Length - 1; bin++)
        {
            below += noisy[bin] > measure.HalfWidth ? noisy[bin] : 0;
            if (below >= Kept * total)
                break;
        }

        return Math.Min(QueryLimits.MaxBound, 1 << bin);
    }

    private static ClampRange? ClampOf(PlannedMeasure measure, long[] noisy)
    {
        ValueGrid grid = measure.Grid!;
        Component component = measure.Components[0];
        if (new ApproximateBounds(noisy.Length / 2, component.RowsPerGroup, component.Noise.Law).Find(noisy) is not { } bounds)
            return null;
        long lower = Math.Clamp(bounds.Lower, grid.Lower, grid.Upper - 1);
        long upper = Math.Clamp(bounds.Upper, lower + 1, grid.Upper);
        return new ClampRange(lower * grid.Granularity, upper * grid.Granularity);
    }
}
