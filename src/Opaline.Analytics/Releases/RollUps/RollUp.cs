using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>
/// A question answered by adding up the numbers of a release (bounding-and-ledger, section 4): post-processing, at no cost. The frames are equal, so rows,
/// zone and contribution bounds are; here cells, measures and the filters on ordinals are compared.
/// </summary>
internal sealed class RollUp
{
    private readonly QueryPlan _plan;
    // For each key of the question the place of the same key in the release; -1 for its period.
    private readonly ImmutableArray<int> _keys;
    private readonly int _period;
    private readonly ImmutableArray<RollUpMeasure> _measures;
    private readonly ImmutableArray<NoiseScale> _noise;
    private readonly SummedNoise _sums;
    // From the label of a period of the release to that of the question; "" where there is no such key.
    private readonly Dictionary<string, string> _periods;

    private RollUp(
        QueryPlan plan,
        ImmutableArray<int> keys,
        int period,
        ImmutableArray<RollUpMeasure> measures,
        ImmutableArray<NoiseScale> noise,
        SummedNoise sums,
        Dictionary<string, string> periods)
    {
        (_plan, _keys, _period, _measures, _noise, _sums, _periods) = (plan, keys, period, measures, noise, sums, periods);
    }

    /// <summary>Whether the answer of a plan may be one at all.</summary>
    public static bool IsPossible(QueryPlan plan) => plan.Cells is not null && plan.Derivation is null && plan.Measures.All(RollUpSource.IsAdditive);

    /// <summary>How a release answers a plan, or null: it does not contain it, or the sums would be less exact than a new release.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="source">The release.</param>
    /// <param name="sums">The half-widths of sums, for all releases that are looked at.</param>
    public static RollUp? Find(QueryPlan plan, RollUpSource source, SummedNoise sums)
    {
        // A filter on the ordinals that is not the question's own leaves out rows that the answer is to count.
        if (source.GroupsPerWindow != plan.Ordinals?.RowBounds.GroupsKept || source.RowsPerGroup != plan.Ordinals?.RowBounds.RowsKeptPerGroup)
            return null;
        if (Keys(plan, source) is not { } keys || Measures(plan, source) is not { } measures)
            return null;
        int period = source.Keys.ToList().FindIndex(k => k.Period is not null);
        if (Edges(source, period, plan) is not { } cells || Nest(plan, cells) is not { } periods)
            return null;
        int dropped = source.Keys.Where((k, i) => i != period && !keys.Contains(i)).Aggregate(1, (product, key) => product * key.Values);
        int terms = dropped * periods.Values.CountBy(p => p).Max(p => p.Value);
        ImmutableArray<NoiseScale> noise = [.. measures.Select(m => m.Noise())];
        return plan.Measures.Zip(noise).All(m => IsAsExact(sums, m.Second, terms, m.First.HalfWidth!.Value))
            ? new RollUp(plan, keys, period, measures, noise, sums, periods)
            : null;
    }

    /// <summary>The answer.</summary>
    public ReleasedAnswer Of(ReleasedAnswer source)
    {
        CellSums cells = new(_plan);
        Dictionary<string, (decimal[] Sums, int Terms)> sums = new(StringComparer.Ordinal);
        foreach (AnswerRow row in source.Rows)
        {
            if (!_periods.TryGetValue(_period < 0 ? "" : row.Keys[_period], out string? label))
                continue;
            string cell = CellSums.Join([.. _keys.Select(k => k < 0 ? label : row.Keys[k])]);
            (decimal[] before, int terms) = sums.GetValueOrDefault(cell, (new decimal[_measures.Length], 0));
            sums[cell] = ([.. before.Select((sum, i) => sum + row.Values[_measures[i].Column].Value)], terms + 1);
        }

        Dictionary<(int Measure, int Terms), decimal> margins = [];
        ImmutableArray<AnswerRow>.Builder rows = ImmutableArray.CreateBuilder<AnswerRow>(cells.Count);
        ImmutableArray<int>.Builder added = ImmutableArray.CreateBuilder<int>(cells.Count);
        for (int i = 0; i < cells.Count; i++)
        {
            (decimal[] values, int terms) = sums[CellSums.Join(cells.Keys(i))];
            added.Add(terms);
            rows.Add(new AnswerRow(cells.Keys(i), [.. values.Select((value, m) => AnswerValue.Around(value, Margin(margins, m, terms)))]));
        }

        return source with { Rows = rows.MoveToImmutable(), Plan = Summary(source.Plan, margins), Proposed = null, Terms = added.MoveToImmutable() };
    }

    private decimal Margin(Dictionary<(int Measure, int Terms), decimal> margins, int measure, int terms)
    {
        if (!margins.TryGetValue((measure, terms), out decimal margin))
            margins[(measure, terms)] = margin = (decimal)_sums.HalfWidth(_noise[measure], terms, MeasurePrecision.Alpha) * _plan.Measures[measure].Step;
        return margin;
    }

    // The question's cells under the release's bounds and noise.
    private PlanSummary Summary(PlanSummary source, Dictionary<(int Measure, int Terms), decimal> margins) => PlanSummaries.Of(_plan) with
    {
        Groups = source.Groups,
        RowsPerGroup = source.RowsPerGroup,
        BoundsSetBy = source.BoundsSetBy,
        Ranked = source.Ranked,
        Truncation = source.Truncation,
        GroupsPerWindow = source.GroupsPerWindow,
        RowsPerWindow = source.RowsPerWindow,
        Mechanism = source.Mechanism,
        Blocks = source.Blocks,
        Measures =
        [
            .. _plan.Measures.Select((m, i) => source.MeasureAt(_measures[i].Column) with
            {
                Name = m.Name,
                Margin95 = margins.Where(p => p.Key.Measure == i).Max(p => p.Value),
            }),
        ],
    };

    private static ImmutableArray<int>? Keys(QueryPlan plan, RollUpSource source)
    {
        ImmutableArray<int>.Builder keys = ImmutableArray.CreateBuilder<int>(plan.Keys.Length);
        foreach (PlannedKey key in plan.Keys)
        {
            int place = key is PlannedPeriodKey ? -1 : source.Keys.ToList().FindIndex(k => k.Period is null && k.Identity == RollUpSource.KeyOf(key, plan).Identity);
            if (key is not PlannedPeriodKey && place < 0)
                return null;
            keys.Add(place);
        }

        return source.Keys.Index().All(k => k.Item.Period is not null || k.Item.Covers || keys.Contains(k.Index)) ? keys.MoveToImmutable() : null;
    }

    private static ImmutableArray<RollUpMeasure>? Measures(QueryPlan plan, RollUpSource source)
    {
        RollUpMeasure?[] found = [.. plan.Measures.Select(m => source.Measures.FirstOrDefault(s => s.Canonical == m.Components[0].Shape.Canonical))];
        return found.Any(m => m is null) ? null : [.. found.OfType<RollUpMeasure>()];
    }

    // The release's periods inside its range, as they are cut today; null if they were cut otherwise then.
    private static List<(DateTime Start, DateTime End, string Label)>? Edges(RollUpSource source, int period, QueryPlan plan)
    {
        if (period < 0)
            return [(source.From, source.To, "")];
        RollUpKey key = source.Keys[period];
        PeriodGrid? grid = PeriodGrid.For(key.Period!.Value, plan.Calendar, source.From, source.To, QueryLimits.MaxCells);
        return grid is not null && RollUpSource.IdentityOf(grid) == key.Identity ? Cells(grid, source.From, source.To) : null;
    }

    private static List<(DateTime Start, DateTime End, string Label)> Cells(PeriodGrid grid, DateTime from, DateTime to) =>
    [
        .. grid.Starts.Select((start, i) => (
            start > from ? start : from, i + 1 < grid.Count ? grid.Starts[i + 1] : to, grid.Labels[i])),
    ];

    // Each period of the question must be made of whole periods of the release.
    private static Dictionary<string, string>? Nest(QueryPlan plan, List<(DateTime Start, DateTime End, string Label)> source)
    {
        List<(DateTime Start, DateTime End, string Label)> cells = plan.Keys.OfType<PlannedPeriodKey>().FirstOrDefault() is { } period
            ? Cells(period.Grid, plan.Range.From, plan.Range.To)
            : [(plan.Range.From, plan.Range.To, "")];
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        int place = 0;
        foreach ((DateTime start, DateTime end, string label) in cells)
        {
            while (place < source.Count && source[place].Start < start)
                place++;
            if (place == source.Count || source[place].Start != start)
                return null;
            DateTime reached = start;
            for (; place < source.Count && source[place].End <= end; place++)
            {
                labels.Add(source[place].Label, label);
                reached = source[place].End;
            }

            if (reached != end)
                return null;
        }

        return labels;
    }

    // Most sums are far from it, so that the law of the sum need not be computed.
    private static bool IsAsExact(SummedNoise sums, NoiseScale noise, int terms, long halfWidth) =>
        1.9 * noise.Sigma * Math.Sqrt(terms) * (noise.Mechanism == NoiseMechanism.DiscreteGaussian ? 1 : Math.Sqrt(2)) <= halfWidth + 1
        && SummedNoise.IsPossible(noise, terms)
        && sums.HalfWidth(noise, terms, MeasurePrecision.Alpha) <= halfWidth;
}
