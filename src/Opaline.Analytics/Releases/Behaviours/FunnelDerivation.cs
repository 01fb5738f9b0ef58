using System.Collections.Immutable;
using System.Numerics;
using Opaline.Catalog;

namespace Opaline.Analytics;

/// <summary>
/// Subjects that reached each step, as sums over the furthest step reached: one cell per subject instead of one per step, so less noise. Cells below zero
/// count as zero, which no truth is below, so the counts fall from step to step by themselves.
/// </summary>
/// <param name="Names">Names of the steps.</param>
internal sealed record FunnelDerivation(ImmutableArray<string> Names) : Derivation
{
    public override ContributionBounds? Bounds => All;

    public override ImmutableArray<Measure> Measures => [new Measure(MeasureFunction.DistinctSubjects, null, "subjects")];

    public override ImmutableArray<PlannedMeasure> Rates => [Rate("of_first"), Rate("of_previous")];

    public override ValueKind? RowKeys => ValueKind.Text;

    public override ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked) => asked.IsEmpty
        ? [new ExpressionKey(BehaviourFields.Step)]
        : throw new QueryRefusedException(RefusalCodes.InvalidQuery, "A funnel is grouped by its steps alone: leave \"group_by\" out.", "$.group_by");

    public override void Check(QueryPlan plan, Query query)
    {
        if (query.Error is not null)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidErrorTarget, "The steps of a funnel have different errors: give \"epsilon\", or ask for the count of rows by \"step\".", "$.error");
        }
    }

    public override Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> Prepare(QueryPlan plan, SummedNoise sums)
    {
        int steps = Names.Length;
        NoiseScale scale = plan.Components[0].Noise;
        RateAccuracy[] ofFirst = [.. Enumerable.Range(0, steps).Select(i => new RateAccuracy(sums, scale, steps - i, i))];
        RateAccuracy[] ofPrevious = [.. Enumerable.Range(0, steps).Select(i => new RateAccuracy(sums, scale, steps - i, 1))];
        BigInteger[] reach = [.. Enumerable.Range(0, steps).Select(i => sums.HalfWidth(scale, steps - i, MeasurePrecision.Alpha))];
        return (cells, noise) => Rows(cells, noise, reach, ofFirst, ofPrevious);
    }

    private ImmutableArray<AnswerRow> Rows(CellSums sums, ReleaseNoise noise, BigInteger[] reach, RateAccuracy[] ofFirst, RateAccuracy[] ofPrevious)
    {
        BigInteger[] noisy = [.. Enumerable.Range(0, Names.Length).Select(i => Noisy(sums, noise, i, 0))];
        ImmutableArray<AnswerRow>.Builder rows = ImmutableArray.CreateBuilder<AnswerRow>(Names.Length);
        for (int i = 0; i < Names.Length; i++)
        {
            BigInteger reached = Sum(noisy[i..]);
            BigInteger told = Sum(noisy[i..].Select(NotNegative));
            rows.Add(new AnswerRow(
                [Names[i]],
                [
                    Count(told, reached, reach[i]),
                    i == 0 ? RateAccuracy.Whole : Told(ofFirst[i].Share(reached, Sum(noisy[..i])), told, Sum(noisy[..i].Select(NotNegative))),
                    i == 0 ? RateAccuracy.Whole : Told(ofPrevious[i].Share(reached, noisy[i - 1]), told, NotNegative(noisy[i - 1])),
                ]));
        }

        return rows.MoveToImmutable();
    }

    // The rate of the counts that are told, with the interval of the noisy ones.
    private static AnswerValue Told(AnswerValue share, BigInteger part, BigInteger rest) => RateAccuracy.Rate(
        part.IsZero ? 0 : (double)part / (double)(part + rest), (double)share.Low, (double)share.High, 1);

    private static BigInteger NotNegative(BigInteger noisy) => BigInteger.Max(0, noisy);

    private static BigInteger Sum(IEnumerable<BigInteger> cells) => cells.Aggregate(BigInteger.Zero, BigInteger.Add);
}
