using System.Collections.Immutable;

namespace Opaline.Analytics;

/// <summary>Subjects that took each path: a row per path.</summary>
/// <param name="Length">How many steps.</param>
internal sealed record PathDerivation(int Length) : Derivation
{
    public override ImmutableArray<Measure> Measures => [new Measure(MeasureFunction.DistinctSubjects, null, "subjects")];

    public override ImmutableArray<GroupKey> Keys(ImmutableArray<GroupKey> asked) =>
        [.. Enumerable.Range(1, Length).Select(i => new ExpressionKey(BehaviourFields.StepOf(i))), .. asked];

    public override Func<CellSums, ReleaseNoise, ImmutableArray<AnswerRow>>? Prepare(QueryPlan plan, SummedNoise sums) => null;
}
