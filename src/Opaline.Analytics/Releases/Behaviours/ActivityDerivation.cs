using System.Collections.Immutable;
using System.Numerics;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Active subjects of each long period, the mean of the short ones that begin in it, and the ratio of the two: stickiness.</summary>
/// <param name="Short">The short periods.</param>
/// <param name="Long">The long periods.</param>
internal sealed record ActivityDerivation(PeriodGrid Short, PeriodGrid Long) : Derivation
{
    public override ContributionBounds? Bounds => All;

    public override ImmutableArray<Measure> Measures => [new Measure(MeasureFunction.DistinctSubjects, null, "active")];

    public override ImmutableArray<PlannedMeasure> Rates => [Rate("average"), Rate("stickiness")];

    public override ValueKind? RowKeys => ValueKind.Date;

    public override ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked) => asked.IsEmpty
        ? [new ExpressionKey(BehaviourFields.Period)]
        : throw new QueryRefusedException(RefusalCodes.InvalidQuery, "Active users are grouped by their periods alone: leave \"group_by\" out.", "$.group_by");

    public override Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> Prepare(QueryPlan plan, SummedNoise sums)
    {
        NoiseScale scale = plan.Components[0].Noise;
        BigInteger one = sums.HalfWidth(scale, 1, MeasurePrecision.Alpha);
        ImmutableArray<(ImmutableArray<int> Shorts, BigInteger Reach, RateAccuracy Rates)> periods =
        [
            .. Long.Starts.Select((start, i) =>
            {
                DateTime end = i + 1 < Long.Count ? Long.Starts[i + 1] : Long.End;
                ImmutableArray<int> shorts = [.. Enumerable.Range(0, Short.Count).Where(s => Short.Starts[s] >= start && Short.Starts[s] < end)];
                return (shorts, sums.HalfWidth(scale, shorts.Length, MeasurePrecision.Alpha), new RateAccuracy(sums, scale, shorts.Length, 1));
            }),
        ];
        return (cells, noise) => Rows(cells, noise, one, periods);
    }

    private ImmutableArray<AnswerRow> Rows(
        CellSums sums, ReleaseNoise noise, BigInteger one, ImmutableArray<(ImmutableArray<int> Shorts, BigInteger Reach, RateAccuracy Rates)> periods)
    {
        Dictionary<string, BigInteger> cells = new(StringComparer.Ordinal);
        for (int cell = 0; cell < sums.Count; cell++)
            cells.Add(sums.Keys(cell)[0], Noisy(sums, noise, cell, 0));
        return
        [
            .. periods.Select((period, i) =>
            {
                BigInteger active = cells[PlannedActivity.Label(Long.Keys[i], true)];
                BigInteger sum = period.Shorts.Aggregate(BigInteger.Zero, (total, s) => total + cells[PlannedActivity.Label(Short.Keys[s], false)]);
                int count = Math.Max(1, period.Shorts.Length);
                return new AnswerRow(
                    [Long.Labels[i]],
                    [Count(active, active, one), Mean(sum, period.Reach, count), period.Rates.Ratio(sum, active, count, 1)]);
            }),
        ];
    }

    private static AnswerValue Mean(BigInteger sum, BigInteger reach, int count)
    {
        AnswerValue total = Count(sum, sum, reach);
        return new AnswerValue(
            decimal.Round(total.Value / count, 6),
            decimal.Round(total.Margin95!.Value / count, 6, MidpointRounding.ToPositiveInfinity),
            decimal.Round(total.Low / count, 6, MidpointRounding.ToNegativeInfinity),
            decimal.Round(total.High / count, 6, MidpointRounding.ToPositiveInfinity));
    }
}
