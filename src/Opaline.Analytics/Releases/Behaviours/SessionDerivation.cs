using System.Collections.Immutable;
using System.Numerics;
using Opaline.DifferentialPrivacy;

namespace Opaline.Analytics;

/// <summary>Sessions, the subjects that had any, and sessions per subject.</summary>
internal sealed record SessionDerivation : Derivation
{
    public override ImmutableArray<Measure> Measures =>
        [new Measure(MeasureFunction.Count, null, "sessions"), new Measure(MeasureFunction.DistinctSubjects, null, "subjects")];

    public override ImmutableArray<PlannedMeasure> Rates => [Rate("sessions_per_subject")];

    public override ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked) => asked;

    public override void Check(QueryPlan plan, Query query)
    {
        if (plan.Selection is not null)
        {
            throw new QueryRefusedException(
                RefusalCodes.InvalidQuery, "Sessions per subject are told for public keys: group by periods or by numbers, or give \"measures\".", "$.group_by");
        }
    }

    public override Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>> Prepare(QueryPlan plan, SummedNoise sums)
    {
        IDiscreteNoise sessions = plan.Components[0].Noise.Law;
        IDiscreteNoise subjects = plan.Components[1].Noise.Law;
        RatioAccuracy ratio = new(sessions, subjects, MeasurePrecision.Confidence);
        (long first, long second) = (sessions.HalfWidth(MeasurePrecision.Alpha), subjects.HalfWidth(MeasurePrecision.Alpha));
        return (cells, noise) =>
        [
            .. Enumerable.Range(0, cells.Count).Select(cell =>
            {
                BigInteger count = Noisy(cells, noise, cell, 0);
                BigInteger units = Noisy(cells, noise, cell, 1);
                ConfidenceInterval interval = ratio.Interval(count, units).Within(0, plan.RowsPerGroup);
                double rate = units > 0 ? (double)BigInteger.Max(0, count) / (double)units : 0;
                return new AnswerRow(
                    cells.Keys(cell),
                    [Count(count, count, first), Count(units, units, second), RateAccuracy.Rate(rate, interval.Low, interval.High, plan.RowsPerGroup)]);
            }),
        ];
    }
}
