using System.Collections.Immutable;
using System.Numerics;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>Subjects seen in each period after their first event, and their share of the first period's, by cohort where a period key makes cohorts.</summary>
/// <param name="Periods">How many periods.</param>
internal sealed record RetentionDerivation(int Periods) : Derivation
{
    public override ContributionBounds? Bounds => All;

    public override ImmutableArray<Measure> Measures => [new Measure(MeasureFunction.DistinctSubjects, null, "subjects")];

    public override ImmutableArray<PlannedMeasure> Rates => [Rate("retained")];

    public override ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked) => asked.All(k => k is PeriodKey)
        ? [.. asked, new ExpressionKey(BehaviourFields.Elapsed)]
        : throw new QueryRefusedException(
            RefusalCodes.InvalidQuery, "Retention is grouped by the period of a subject's first event, or not at all.", "$.group_by");

    public override Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> Prepare(QueryPlan plan, SummedNoise sums)
    {
        NoiseScale scale = plan.Components[0].Noise;
        BigInteger reach = sums.HalfWidth(scale, 1, MeasurePrecision.Alpha);
        RateAccuracy rates = new(sums, scale, 1, 1);
        return (cells, noise) => Rows(cells, noise, reach, rates);
    }

    private ImmutableArray<AnswerRow> Rows(CellSums sums, ReleaseNoise noise, BigInteger reach, RateAccuracy rates)
    {
        ImmutableArray<AnswerRow>.Builder rows = ImmutableArray.CreateBuilder<AnswerRow>(sums.Count);
        for (int cell = 0; cell < sums.Count; cell++)
        {
            // Public cells come with the last key fastest, and everybody was seen in the first period.
            BigInteger first = Number(cell - (cell % Periods));
            BigInteger seen = Number(cell);
            rows.Add(new AnswerRow(
                sums.Keys(cell), [Count(seen, seen, reach), cell % Periods == 0 ? RateAccuracy.Whole : rates.Ratio(seen, first, 1, 1)]));
        }

        return rows.MoveToImmutable();

        BigInteger Number(int cell) => Noisy(sums, noise, cell, 0);
    }
}
